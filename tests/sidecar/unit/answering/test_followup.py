from __future__ import annotations

import pytest

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import is_follow_up, standalone, with_terms
from rag_ask.passage import Passage

PARKING = Passage(1, "Getting here", "https://b.example/1", (), "Parking is behind the shop.", 1.0)
COURSE = Passage(2, "Courses", "https://b.example/2", (), "The sourdough course costs £85.", 1.0)
TURNS = (Turn("When does the sourdough course take place?", "In February [1]."),)


def nothing(*_: object) -> None:
    """No model, or no passage."""


@pytest.mark.parametrize(
    "question",
    [
        "And how much is it?",
        "What does it cost?",
        "What about bicycles?",
        "On Mondays?",
        "Are dogs allowed there too?",
        "By e-mail as well?",
        "ok how much is it",
        "thanks what does it cost",
        "Great! And for kids?",
        "Danke, und für Familien?",
        "Und was kostet das?",
        "Auch sonntags?",
        "Et le dimanche ?",
        "Combien coûte-t-elle ?",
        "¿Y los lunes?",
        "¿Cuánto cuesta eso?",
        "いくらですか",
        "why",
    ],
)
def test_what_leans_on_the_question_before(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "When does the tea house open on Sundays?",
        "E-mail address of the bakery and its shop?",
        "So where is the bakery with the old oven?",
        "Thanks!",
        "Danke schön",
        "😀",
        "Is it possible to order a wedding cake for sixty people?",
        "Are there parking spaces for disabled visitors?",
        "Wann öffnet die Bäckerei am Sonntag?",
        "Quels sont les horaires du salon de thé le dimanche ?",
        "¿Cuánto cuesta el curso de masa madre?",
        "開店時間は何時からですか教えてください",
    ],
)
def test_what_stands_alone(question: str) -> None:
    assert not is_follow_up(question)


def test_a_language_that_is_not_plain_is_that_of_the_question_before() -> None:
    assert is_follow_up("Wie lange dauert er?", "Wann findet der Kurs statt?")


def test_without_turns_nothing_is_asked_of_a_model() -> None:
    assert standalone("And how much is it?", (), pytest.fail, pytest.fail) == "And how much is it?"
    question = "When does the tea house open on Sundays?"
    assert standalone(question, TURNS, pytest.fail, pytest.fail) == question


def test_the_terms_of_the_question_before_are_added() -> None:
    assert standalone("How much is it?", TURNS, nothing, nothing) == "How much is it? (sourdough course take place)"
    assert with_terms("How much is the course?", "Which course?") == "How much is the course?"
    assert with_terms("x" * 499, "sourdough") == "x" * 499


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("How much is the course?", "How much is the course?"),
        ('"How much is the course?"\n\nI hope this helps.', "How much is the course?"),
        ("\u200bLast question: How much?", "How much?"),
    ],
)
def test_the_models_first_line_is_the_question(written: str, question: str) -> None:
    assert standalone("How much is it?", TURNS, lambda *_: written, pytest.fail) == question


def test_a_keyword_that_the_site_has_a_page_for_stands_alone() -> None:
    pages = {"parking": PARKING, "parking (sourdough course take place)": COURSE}
    assert standalone("parking", TURNS, nothing, pages.get) == "parking"


def test_a_keyword_that_the_page_before_speaks_of_follows_on() -> None:
    pages = {"the costs?": PARKING, "the costs? (sourdough course take place)": COURSE}
    assert standalone("the costs?", TURNS, nothing, pages.get) == "the costs? (sourdough course take place)"


def test_a_keyword_that_no_page_speaks_of_stands_alone() -> None:
    pages = {"wifi (sourdough course take place)": COURSE}
    assert standalone("wifi", TURNS, nothing, pages.get) == "wifi"
    assert standalone("credit cards", TURNS, nothing, nothing) == "credit cards"


def test_a_property_follows_on() -> None:
    assert standalone("level?", TURNS, nothing, nothing) == "level? (sourdough course take place)"


def test_what_points_back_is_not_looked_up_alone() -> None:
    asked = "Is parking there?"
    assert standalone(asked, TURNS, nothing, pytest.fail) == f"{asked} (sourdough course take place)"


def test_it_follows_the_last_question_that_had_an_answer() -> None:
    turns = (*TURNS, Turn("Where is the moon?", ""))
    assert standalone("How much is it?", turns, nothing, nothing) == "How much is it? (sourdough course take place)"
