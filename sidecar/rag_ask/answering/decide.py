"""Decide: passages and confidence -> what an answer may be made of, or abstain. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag_ask.answering.find import Found
from rag_ask.passage import NOTE, Passage

MAX_SUGGESTIONS = 3


@dataclass(frozen=True)
class Decision:
    """passages: what an answer may be made of; none means abstain. confidence: in [0, 1].

    is_sure: without a model that reads them, are the passages an answer, or only pages that may help? question:
    standing alone. weights: of its terms. suggestions: pages (title, url) to name when there is no answer.
    """

    question: str
    passages: tuple[Passage, ...]
    confidence: float
    is_sure: bool
    weights: Mapping[int, float]
    suggestions: tuple[dict[str, str], ...]

    @property
    def is_note(self) -> bool:
        """Is the answer the owner's own, to be said in their words?"""
        return any(passage.kind == NOTE for passage in self.passages)

    @property
    def document_ids(self) -> list[int]:
        """The documents of the passages, best first, each once."""
        return list(dict.fromkeys(passage.post_id for passage in self.passages))


def decide(found: Found, min_score: float | None, sure_score: float | None) -> Decision:
    """Abstain, be unsure, or answer; with the owner's note alone, where there is one.

    The scores win over the thresholds that were measured for the embedder.
    """
    retrieved = found.retrieved
    if retrieved.note:
        return Decision(found.question, (retrieved.note,), 1.0, True, retrieved.weights, ())
    return Decision(
        found.question,
        retrieved.passages if retrieved.is_enough(min_score) else (),
        retrieved.confidence,
        retrieved.is_sure(sure_score),
        retrieved.weights,
        nearest_pages(retrieved.passages),
    )


def nearest_pages(passages: Sequence[Passage]) -> tuple[dict[str, str], ...]:
    """Up to three pages to look at instead, the nearest first. They are the visitor's to read, as all passages are."""
    titles = {passage.url: passage.title for passage in reversed(passages)}
    best = dict.fromkeys(passage.url for passage in passages)
    return tuple({"title": titles[url], "url": url} for url in list(best)[:MAX_SUGGESTIONS])
