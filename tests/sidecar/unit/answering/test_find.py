"""A question in its conversation is searched for once, however it is read."""

from typing import Any, cast

import pytest

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.conversation import Turn
from rag_ask.answering.find import find
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.db.thresholds import Thresholds
from rag_ask.retrieval.retrieve import Retrieved
from rag_ask.tenant import Site, Visitor

TURNS = (Turn("How much is the sourdough course?", "It costs £85 [1]."),)
NOBODY = cast(Any, None)


class Writer(Answerer):
    """Writes this in place of each question."""

    def __init__(self, written: str | None) -> None:
        super().__init__(NOBODY)
        self.written = written

    def complete(self, *_: object) -> str | None:
        return self.written


@pytest.mark.parametrize(
    ("written", "leans", "searched", "question"),
    [
        (None, True, ("how long", (), TURNS[0].question), "how long (much sourdough course)"),
        (None, False, ("how long", (), TURNS[0].question), "how long"),
        ("How long is the course?", False, ("How long is the course?", (), ""), "How long is the course?"),
    ],
)
def test_a_question_is_searched_for_once(
    monkeypatch: pytest.MonkeyPatch, written: str | None, leans: bool, searched: tuple[object, ...], question: str
) -> None:
    searches: list[tuple[object, ...]] = []

    def search(_line: ReadLine, _asked: Asked, text: str, further: list[str], before: str) -> Retrieved:
        searches.append((text, tuple(further), before))
        return Retrieved((), 0.9, Thresholds(0.3, 0.3), {}, leans)

    monkeypatch.setattr("rag_ask.answering.find.search_once", search)
    line = ReadLine(NOBODY, NOBODY, Writer(written))
    found = find(line, Asked(Visitor(Site("bakery", "", ()), "v", (), "en"), "how long", TURNS))
    assert (searches, found.question) == ([searched], question)
