"""The normalised question: what is the same question."""

import pytest

from rag_ask.answering.cache.key import normalised


@pytest.mark.parametrize(
    "question",
    ["When do you open?", "  when do  you\topen ", "WHEN DO YOU OPEN?!", "When do you open…", "Ｗhen do you open？"],
)
def test_the_same_question(question):
    assert normalised(question) == "when do you open"


def test_accents_and_signs_inside_make_another_question():
    assert len({normalised(text) for text in ("café?", "cafe?", "c++?", "c?", "3.5?", "35?", '"tea"', "tea")}) == 8


def test_nothing_but_punctuation_stays():
    assert (normalised("?"), normalised("!?"), normalised("  ")) == ("?", "!?", "")
