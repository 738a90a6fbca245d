from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag_ask.answering.answerer import Answering
from rag_ask.answering.beside import Beside
from rag_ask.answering.citations.citation import Citation
from rag_ask.answering.events import answer_events
from rag_ask.answering.extractive.excerpt import PARAGRAPH, Excerpt, Piece
from rag_ask.answering.ground import ground
from rag_ask.passage import Passage

HOURS = Passage(1, "Opening hours", "http://localhost/hours/", ("Shop",), "We open at seven.", 0.9)


@pytest.mark.parametrize(("outcome", "is_answer"), [("quoted", True), ("unsure", False)])
def test_further_questions_are_read_for_an_answer_alone(outcome: str, is_answer: bool) -> None:
    read = []

    def beside(citations: Sequence[Citation], is_answer: bool) -> Beside:
        read.append(([citation.title for citation in citations], is_answer))
        return Beside()

    grounding = ground("When do you open?", [HOURS])
    answering = Answering(outcome, "quote", is_quoting=True)
    answering.excerpts = [Excerpt(grounding.sources[0], (Piece(PARAGRAPH, (HOURS.text,)),), HOURS.text)]
    answering.texts = (text for text in (HOURS.text,))
    events = dict(answer_events(answering, grounding, beside=beside))
    assert events["answer"]["outcome"] == outcome
    assert read == [(["Opening hours"], is_answer)]
