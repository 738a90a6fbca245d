"""Find: a question in its conversation -> the question standing alone, and the passages that it retrieves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial

from rag_ask.answering.followup import nothing, standalone
from rag_ask.answering.multi_hop import gather
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.passage import Passage
from rag_ask.retrieval.retrieve import Retrieved, retrieve


@dataclass(frozen=True)
class Found:
    """question: standing alone. retrieved: its passages, further searches included."""

    question: str
    retrieved: Retrieved


def find(line: ReadLine, asked: Asked) -> Found:
    """Make the question stand alone, search for it, and again where the model asks for that.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged.
    """

    # Whether a question stands alone is seen by searching for it: that is not done twice.
    @cache
    def search(text: str, further: tuple[str, ...]) -> Retrieved:
        return search_once(line, asked, text, further)

    def look_up(text: str) -> Passage | None:
        return search(text, ()).best(line.min_score)

    def search_again(queries: Sequence[str]) -> Retrieved:
        return search(alone, tuple(queries))

    complete = partial(line.answerer.complete, asked.site_id)
    alone = standalone(asked.question, asked.turns, complete if line.rewrites else nothing, look_up)
    return Found(alone, gather(alone, search_again, complete, line.further_searches, line.min_score))


def search_once(line: ReadLine, asked: Asked, text: str, further: Sequence[str] = ()) -> Retrieved:
    """Retrieve the passages of one query for this visitor, and of `further` ones with it. Raises what `find` raises."""
    return retrieve(
        line.database,
        line.embedders,
        asked.visitor,
        text,
        line.max_passages,
        asked.filter,
        line.recipe,
        line.reranker,
        further,
    )
