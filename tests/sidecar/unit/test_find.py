"""A question in its conversation is searched for once, however it is read."""

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import nothing
from rag_ask.answering.pipeline import find
from rag_ask.passage import Passage
from rag_ask.retrieval.retrieve import Retrieved

TURNS = (Turn("How much is the sourdough course?", "It costs £85 [1]."),)
PARKING = Passage(1, "Getting here", "https://b.example/1", (), "Parking is behind the shop.", 1.0)


def test_what_was_looked_up_is_not_searched_for_again() -> None:
    searches = []

    def search(text: str, further: tuple[str, ...]) -> Retrieved:
        searches.append((text, further))
        return Retrieved((PARKING,) if text == "the parking" else (), 0.9, 0.3)

    alone, found = find("the parking", TURNS, search, nothing, 0, None)
    assert (alone, found.passages) == ("the parking", (PARKING,))
    assert searches == [("the parking (much sourdough course)", ()), ("the parking", ())]
