from __future__ import annotations

import pytest

from rag_ask.indexing.clean import Block, clean
from rag_ask.passage import FIELD


def test_what_pictures_show_is_searchable_and_no_text_of_the_page() -> None:
    html = "<p>The oven <img alt='A baker draws rye  loaves'> is old.</p><a><img alt='A baker draws rye loaves'></a>"
    assert clean(html) == [Block((), "The oven is old."), Block((), "A baker draws rye loaves", FIELD)]


@pytest.mark.parametrize(
    "picture",
    [
        "<img alt=logo>",
        "<img alt='IMG 2034'>",
        "<img alt='rye-loaf.jpeg'>",
        "<img alt='2019-05-01 (2)'>",
        "<img alt=''>",
        "<img alt='The oven'>",
        "<div hidden><img alt='Nobody sees it'></div>",
        "<img aria-hidden=true alt='For the eyes alone'>",
    ],
)
def test_pictures_that_say_nothing_more_are_left_out(picture: str) -> None:
    assert clean(f"<p>The oven is old.</p>{picture}") == [Block((), "The oven is old.")]


def test_a_picture_of_a_formula_or_a_smiley_is_a_word_of_its_sentence() -> None:
    html = "<p>Where <img class=latex alt='x^2'> grows <img class='wp-smiley' alt=':)'></p>"
    assert clean(html) == [Block((), "Where x^2 grows :)")]
