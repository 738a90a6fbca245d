"""A question in its conversation is searched for once, however it is read."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.conversation import Turn
from rag_ask.answering.find import find
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.db.thresholds import Thresholds
from rag_ask.passage import Passage
from rag_ask.retrieval.retrieve import Retrieved
from rag_ask.tenant import Site, Visitor

TURNS = (Turn("How much is the sourdough course?", "It costs £85 [1]."),)
PARKING = Passage(1, "Getting here", "https://b.example/1", (), "Parking is behind the shop.", 1.0)
NOBODY = cast(Any, None)


def test_what_was_looked_up_is_not_searched_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    searches: list[tuple[str, tuple[str, ...]]] = []

    def search(_line: ReadLine, _asked: Asked, text: str, further: Sequence[str]) -> Retrieved:
        searches.append((text, tuple(further)))
        return Retrieved((PARKING,) if text == "the parking" else (), 0.9, Thresholds(0.3, 0.3))

    monkeypatch.setattr("rag_ask.answering.find.search_once", search)
    line = ReadLine(NOBODY, NOBODY, Answerer(NOBODY))
    found = find(line, Asked(Visitor(Site("bakery", "", ()), "v", (), "en"), "the parking", TURNS))
    assert (found.question, found.retrieved.passages) == ("the parking", (PARKING,))
    assert searches == [("the parking (much sourdough course)", ()), ("the parking", ())]
