from __future__ import annotations

from dataclasses import replace

import pytest

from rag_ask.answering.citations.cite import resolve
from rag_ask.answering.extractive import quote
from rag_ask.answering.ground import ground
from rag_ask.passage import FIELD, LABEL, Passage, Source
from rag_ask.retrieval.sections import alone
from rag_ask.text import analyze

HOURS = "The bakery opens at seven in the morning.\nWe have a dog called Rex."
TRAM = "Tram 4 stops at the door.\nCyclists find racks behind the house."


def passages(*texts: str, scores: tuple[float, ...] = (1.0, 0.9, 0.8, 0.7, 0.6)) -> list[Passage]:
    return [
        Passage(n, f"Page {n}", f"http://localhost/{n}/", (), text, score)
        for n, (text, score) in enumerate(zip(texts, scores, strict=False))
    ]


def answer(question: str, *found: Passage) -> str:
    weights = dict.fromkeys(map(analyze.dimension, analyze.terms(question, "en")), 1.0)
    return "\n\n".join(map(quote.text_of, quote.excerpts(ground(question, found, weights), alone)))


def test_the_best_passage_comes_first_and_one_that_is_nearly_as_good_second() -> None:
    assert answer("tram", *passages(HOURS, TRAM)) == f"{HOURS[:-1]} [1].\n\n{TRAM[:-1]} [2]."
    assert answer("tram", *passages(HOURS, TRAM, scores=(1.0, 0.5))) == f"{HOURS[:-1]} [1]."
    assert answer("tram", *passages(HOURS, TRAM, "Eggs.", scores=(1.0, 1.0, 1.0))).count("[") == quote.MAX_EXCERPTS


def test_where_both_are_of_one_page_another_page_follows() -> None:
    first, second, third, other, last = passages(HOURS, TRAM, "Eggs are sold.", "Milk is sold.", "Tea is sold.")
    of_one_page = [replace(passage, post_id=7) for passage in (first, second, third)]
    assert answer("tram", *of_one_page, replace(other, score=0.8), last).endswith("\n\nMilk is sold [4].")
    assert answer("tram", *of_one_page, other).endswith("behind the house [2].")


def test_nothing_is_said_twice() -> None:
    assert answer("bakery", *passages(HOURS, f"{HOURS}\nMore of it.", TRAM)) == f"{HOURS[:-1]} [1].\n\n{TRAM[:-1]} [3]."


def test_a_second_passage_leaves_out_what_the_first_one_shows() -> None:
    more = "Before seven there is coffee for those who wait outside, and on Sundays also cake."
    assert answer("bakery", *passages(HOURS, f"{HOURS}\n{more}")) == f"{HOURS[:-1]} [1].\n\n{more[:-1]} [2]."


def test_a_passage_that_cannot_be_an_answer_leaves_its_place_to_the_next() -> None:
    assert answer("bread", *passages("• What is bread?\n• Where is it sold?", TRAM)) == f"{TRAM[:-1]} [2]."


def test_what_it_writes_resolves_to_itself() -> None:
    text = answer("bakery", *passages(HOURS, TRAM))
    sources = [Source(number, passage) for number, passage in enumerate(passages(HOURS, TRAM), 1)]
    assert resolve(text, sources)[1][0].number == 1


@pytest.mark.parametrize("text", ["We open at seven [9].", "See [source 1] and 【2】.", "[[3]] is a number."])
def test_brackets_of_a_post_are_no_citations(text: str) -> None:
    shown = answer("seven", *passages(text))
    assert shown.count("[") == 1
    assert shown.rstrip(".").endswith("[1]")


def test_terms_and_authors_are_never_quoted() -> None:
    label = Passage(1, "Bread", "http://localhost/1/", (), "category: Bread", 1.0, kind=LABEL)
    field = Passage(2, "Bread", "http://localhost/2/", (), "price: 4 euros", 0.9, kind=FIELD)
    assert answer("bread", label) == ""
    assert answer("bread", label, field) == "price: 4 euros [2]"


def test_without_sources_it_says_nothing() -> None:
    assert answer("When?") == ""
