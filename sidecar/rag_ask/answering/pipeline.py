"""Find: a question in its conversation -> the question standing alone, and what the site has for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import Write, nothing, standalone
from rag_ask.answering.multi_hop import gather
from rag_ask.passage import Passage
from rag_ask.retrieval.retrieve import Retrieved

# A question, and `further` queries -> what they bring together.
Search = Callable[..., Retrieved]


def find(
    question: str,
    turns: Sequence[Turn],
    search: Search,
    write: Write,
    further_searches: int,
    min_score: float | None,
    *,
    rewrites: bool = True,
) -> tuple[str, Retrieved]:
    """Make the question stand alone, search for it, and again where the model asks for that.

    rewrites: the model may write a follow-up anew. Raises what the search raises.
    """
    # Whether a question stands alone is seen by searching for it: that is not done twice.
    found = cache(lambda text, queries: search(text, further=queries))

    def look_up(text: str) -> Passage | None:
        return found(text, ()).best(min_score)

    alone = standalone(question, turns, write if rewrites else nothing, look_up)
    return alone, gather(alone, lambda queries: found(alone, tuple(queries)), write, further_searches, min_score)
