from __future__ import annotations

import pytest

from rag_ask.text.stop_words import stop_words


@pytest.mark.parametrize(
    ("language", "word"), [("en", "the"), ("nb", "ikke"), ("pl", "nie"), ("cs", "není"), ("uk", "але")]
)
def test_grammar_is_a_stop_word(language: str, word: str) -> None:
    assert word in stop_words(language)


@pytest.mark.parametrize("word", ["open", "date", "room", "page", "member"])
def test_what_visitors_ask_about_is_none(word: str) -> None:
    assert word not in stop_words("en")


@pytest.mark.parametrize("language", ["", "xx", "../en", "NOTICE"])
def test_an_unknown_language_has_none(language: str) -> None:
    assert stop_words(language) == frozenset()
