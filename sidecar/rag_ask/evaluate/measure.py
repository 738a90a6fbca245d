"""Measure: ranked passages and what answers a question -> recall, hit, nDCG and MRR at a context size. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag_ask.evaluate.dataset import Question
from rag_ask.text.normalize import normalize


@dataclass(frozen=True)
class Shown:
    """A passage and the document that it is from."""

    document: str
    text: str


@dataclass(frozen=True)
class Found:
    """recall: share of the gold found. hit: 1 when a whole piece of it is. ndcg, mrr: the earlier, the nearer to 1."""

    recall: float
    hit: float
    ndcg: float
    mrr: float


def measure(question: Question, shown: Sequence[Shown], texts: Mapping[str, str], characters: int) -> Found:
    """Measure the first `characters` characters of the passages, the last one cut.

    texts: document -> its text, for spans. A piece of gold is a span, a document, or any one of the answer texts.
    nDCG (Järvelin and Kekäläinen 2002) takes as gain what share of the gold a passage adds; ideally each passage
    adds a piece.
    """
    context = cut(shown, characters)
    weights = _weights(question)
    recall, hit_rank, gained = 0.0, 0, 0.0
    for rank in range(1, len(context) + 1):
        pieces = _pieces(question, context[:rank], texts)
        now = sum(weight * piece for weight, piece in zip(weights, pieces, strict=True))
        gained += (now - recall) / math.log2(rank + 1)
        recall = now
        if not hit_rank and max(pieces) > 1 - 1e-9:
            hit_rank = rank
    ideal = sum(w / math.log2(rank + 1) for rank, w in enumerate(sorted(weights, reverse=True), 1))
    return Found(recall, float(hit_rank > 0), gained / ideal, 1 / hit_rank if hit_rank else 0.0)


def cut(shown: Sequence[Shown], characters: int) -> list[Shown]:
    """Take passages until the context is full, a line break between them."""
    context: list[Shown] = []
    left = characters
    for passage in shown:
        if left <= 0:
            break
        context.append(Shown(passage.document, passage.text[:left]))
        left -= len(passage.text) + 1
    return context


def normal(text: str) -> str:
    """Letters and digits only, in small letters: how white space and marks are set does not matter.

    Composed and decomposed letters are the same, as the Hindi क़ of one character and of two.
    """
    return "".join(character for character in normalize("NFKD", text.lower()) if character.isalnum())


def area(answerable: Sequence[float], others: Sequence[float]) -> float:
    """The area under the ROC curve: how often an answerable question is the more confident one of a pair."""
    if not answerable or not others:
        return math.nan
    below = sum((a > b) + (a == b) / 2 for a in answerable for b in others)
    return below / (len(answerable) * len(others))


def best_threshold(answerable: Sequence[float], others: Sequence[float]) -> float:
    """The confidence in hundredths at which the worse of both kinds is treated best; of equal ones the middle one."""

    def worse(threshold: float) -> float:
        answered = sum(value >= threshold for value in answerable) / len(answerable)
        return min(answered, sum(value < threshold for value in others) / len(others))

    steps = [step / 100 for step in range(101)]
    highest = max(map(worse, steps))
    equal = [step for step in steps if worse(step) == highest]
    return equal[len(equal) // 2]


def _weights(question: Question) -> list[float]:
    """The share of the gold that each piece is."""
    if question.spans:
        total = sum(span.end - span.start for span in question.spans)
        return [(span.end - span.start) / total for span in question.spans]
    if question.answers:
        return [1.0]
    return [1 / len(question.documents)] * len(question.documents)


def _pieces(question: Question, context: Sequence[Shown], texts: Mapping[str, str]) -> list[float]:
    """How much of each piece the context holds, in [0, 1]."""
    if question.spans:
        seen = {
            document: _seen(context, document, texts[document]) for document in {s.document for s in question.spans}
        }
        return [_covered(texts[span.document], span.start, span.end, seen[span.document]) for span in question.spans]
    if question.answers:
        folded = normal("\n".join(passage.text for passage in context))
        return [float(any(normal(answer) in folded for answer in question.answers))]
    documents = {passage.document for passage in context}
    return [float(document in documents) for document in question.documents]


def _covered(text: str, start: int, end: int, seen: frozenset[int]) -> float:
    gold = [position for position in range(start, end) if text[position].isalnum()]
    return sum(position in seen for position in gold) / len(gold) if gold else 0.0


def _seen(context: Sequence[Shown], document: str, text: str) -> frozenset[int]:
    """The characters of the document's text that the context shows: each line is where it stands first."""
    lines = (line for passage in context if passage.document == document for line in passage.text.splitlines())
    return frozenset(position for line in lines for position in _positions(line, text))


@lru_cache(maxsize=10_000)
def _positions(line: str, text: str) -> tuple[int, ...]:
    offsets, folded = _folded(text)
    part = normal(line)
    start = folded.find(part) if part else -1
    return offsets[start : start + len(part)] if start >= 0 else ()


@lru_cache(maxsize=100)
def _folded(text: str) -> tuple[tuple[int, ...], str]:
    # A letter may have two small ones (İ), so what is found is traced back character by character.
    kept = [(offset, normal(character)) for offset, character in enumerate(text)]
    return tuple(offset for offset, part in kept for _ in part), "".join(part for _, part in kept)
