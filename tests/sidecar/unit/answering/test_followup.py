from __future__ import annotations

import pytest

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import question_before, rewritten, with_terms

TURNS = (Turn("When does the sourdough course take place?", "In February [1]."),)


def test_without_turns_nothing_is_asked_of_a_model() -> None:
    assert rewritten("And how much is it?", (), pytest.fail) == ""


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("How much is the course?", "How much is the course?"),
        ('"How much is the course?"\n\nI hope this helps.', "How much is the course?"),
        ("\u200bLast question: How much?", "How much?"),
        (None, ""),
    ],
)
def test_the_models_first_line_is_the_question(written: str | None, question: str) -> None:
    assert rewritten("How much is it?", TURNS, lambda *_: written) == question


def test_it_follows_the_last_question_that_had_an_answer() -> None:
    assert question_before(()) == ""
    assert question_before((*TURNS, Turn("Where is the moon?", ""))) == TURNS[0].question
    assert question_before((Turn("Where is the moon?", ""),)) == "Where is the moon?"


@pytest.mark.parametrize(
    ("question", "before", "language", "extended"),
    [
        ("How much is it?", TURNS[0].question, "en-GB", "How much is it? (sourdough course take place)"),
        ("How much is the course?", "Which course?", "en", "How much is the course?"),
        ("Wie lange?", "Wann findet der Backkurs statt?", "de-DE", "Wie lange? (wann findet backkurs statt)"),
        ("x" * 499, "sourdough", "en", "x" * 499),
    ],
)
def test_the_terms_of_the_question_before_are_added(question: str, before: str, language: str, extended: str) -> None:
    assert with_terms(question, before, language) == extended
