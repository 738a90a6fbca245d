"""Find: a question in its conversation -> the question standing alone, and the passages that it retrieves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rag_ask import traces
from rag_ask.answering.followup import nothing, question_before, rewritten, with_terms
from rag_ask.answering.multi_hop import gather
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.metrics import RETRIEVAL_SECONDS
from rag_ask.retrieval.retrieve import Retrieved, retrieve


@dataclass(frozen=True)
class Found:
    """question: standing alone. retrieved: its passages, further searches included."""

    question: str
    retrieved: Retrieved


def find(line: ReadLine, asked: Asked) -> Found:
    """Search for the question, as the model writes it or beside the one before; again where the model asks for that.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged.
    """
    complete = partial(line.answerer.complete, asked.site_id)
    written = rewritten(asked.question, asked.turns, complete if line.rewrites else nothing)
    question = written or asked.question
    before = "" if written else question_before(asked.turns)

    def search(further: Sequence[str]) -> Retrieved:
        return search_once(line, asked, question, further, before)

    retrieved = gather(question, search, complete, line.further_searches, line.min_score)
    alone = with_terms(question, before, asked.visitor.language) if retrieved.leans else question
    return Found(alone, retrieved)


def search_once(line: ReadLine, asked: Asked, text: str, further: Sequence[str] = (), before: str = "") -> Retrieved:
    """Retrieve the passages of one query for this visitor, and of `further` ones with it. Raises what `find` raises.

    before: the question that this one may lean on.
    """
    with RETRIEVAL_SECONDS.time(), traces.span("retrieval", {"gen_ai.operation.name": "retrieval"}) as note:
        found = retrieve(
            line.database,
            line.embedders,
            asked.visitor,
            text,
            line.max_passages,
            asked.filter,
            line.recipe,
            line.reranker,
            further,
            before,
        )
        note({"rag_ask.passages": len(found.passages), "rag_ask.confidence": found.confidence})
        note(traces.texts(**{"gen_ai.retrieval.query.text": text}))
        return found
