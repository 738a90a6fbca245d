"""Extractive answers: the best sentences of the best passages, each with its source. Needs no key."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rag_ask.answering.citations.markers import before_stop
from rag_ask.answering.ground import Grounding
from rag_ask.errors import ProviderUnavailable
from rag_ask.passage import LABEL, PAGE, Source
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embed.script import reads
from rag_ask.text import analyze
from rag_ask.text.sentences import sentences

MAX_SENTENCES = 3
MAX_SOURCES = 4
MAX_CANDIDATES = 40
MAX_SENTENCE_CHARACTERS = 500
# A sentence this short says little alone: a label, a heading-like line, "Yes."
SHORT_WIDTH = 25
# How good a further sentence must be, measured by the best one.
WORTH = 0.8
SAME = 0.75
# Meaning, words of the question, rank of the passage.
WEIGHTS = (0.55, 0.3, 0.15)
# Scripts without spaces, and their punctuation. Korean has spaces, and its full stop is the Latin one.
_WIDE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]")


@dataclass(frozen=True)
class _Candidate:
    source: Source
    text: str
    terms: frozenset[str]


class QuoteModel:
    """Answers with sentences of the sources, word for word. Safe to share between threads."""

    name = "quote"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def stream(self, grounding: Grounding) -> Iterator[str]:
        """Yield up to MAX_SENTENCES cited sentences, the best one first."""
        # Labels are never quoted, so they take no place of a source that is.
        sources = [source for source in grounding.sources if source.passage.kind != LABEL][:MAX_SOURCES]
        candidates = _candidates(sources)[:MAX_CANDIDATES]
        before = ""
        for quoted in _best(candidates, self._scores(grounding.question, candidates)):
            gap = "" if not before else " " if before.endswith((".", "!", "?")) else "\n"
            before = before_stop(f"{_without_markers(quoted.text)} [{quoted.source.number}]")
            yield gap + before

    def _scores(self, question: str, candidates: Sequence[_Candidate]) -> list[float]:
        """Return how well each candidate answers, in about [0, 1]."""
        weights = _weights(question, candidates)
        total = sum(weights.values()) or 1.0
        meanings = self._cosines(question, candidates)
        scores = []
        for candidate, meaning in zip(candidates, meanings, strict=True):
            shared = sum(weights[term] for term in weights.keys() & candidate.terms) / total
            parts = (meaning, shared, candidate.source.passage.score)
            scores.append(sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True)))
        return scores

    def _cosines(self, question: str, candidates: Sequence[_Candidate]) -> list[float]:
        if not candidates or not reads(self._embedder.name, question):
            return [0.0] * len(candidates)
        texts = [question, *(f"{_topic(candidate.source)}: {candidate.text}" for candidate in candidates)]
        try:
            vectors = self._embedder.embed(texts)
        except ProviderUnavailable:
            # The passages are found already; the words alone still order their sentences.
            return [0.0] * len(candidates)
        return [float(cosine) for cosine in np.asarray(vectors[1:] @ vectors[0])]


def _candidates(sources: Sequence[Source]) -> list[_Candidate]:
    """Cut the passages into sentences, a short one together with the next."""
    found = []
    for source in sources:
        passage = source.passage
        parts = [part.strip() for line in passage.text.split("\n") for part in sentences(line) if part.strip()]
        for part, after in pairwise([*parts, ""]):
            # A field says all it has to say in one line.
            is_short = passage.kind == PAGE and after and _width(part) < SHORT_WIDTH
            text = _joined(part, after) if is_short else part
            if len(text) > MAX_SENTENCE_CHARACTERS:
                text = text[:MAX_SENTENCE_CHARACTERS].rsplit(" ", 1)[0] + "…"
            found.append(_Candidate(source, text, frozenset(analyze.terms(text, ""))))
    return found


def _width(text: str) -> int:
    """How long a text looks: a Chinese, Japanese or Korean sign says as much as two letters."""
    return len(text) + len(_WIDE.findall(text))


def _joined(one: str, other: str) -> str:
    return f"{one}{'' if _WIDE.fullmatch(one[-1]) else ' '}{other}"


def _weights(question: str, candidates: Sequence[_Candidate]) -> dict[str, float]:
    """Return the question's terms, the more telling the fewer candidates hold them."""
    wanted = set(analyze.terms(question, ""))
    holding = {term: sum(term in candidate.terms for candidate in candidates) for term in wanted}
    return {term: math.log((len(candidates) + 1) / count) for term, count in holding.items() if count}


def _best(candidates: Sequence[_Candidate], scores: Sequence[float]) -> list[_Candidate]:
    """Return the best candidates that say different things and are nearly as good as the best one."""
    ranked = sorted(zip(scores, candidates, strict=True), key=lambda pair: -pair[0])
    chosen: list[_Candidate] = []
    for score, candidate in ranked:
        if len(chosen) == MAX_SENTENCES or score < WORTH * ranked[0][0]:
            break
        if not any(_are_alike(candidate, other) for other in chosen):
            chosen.append(candidate)
    return chosen


def _are_alike(one: _Candidate, other: _Candidate) -> bool:
    """One says nothing, or hardly anything, that the other does not."""
    smaller = min(len(one.terms), len(other.terms))
    return one.text in other.text or len(one.terms & other.terms) >= SAME * max(1, smaller)


def _topic(source: Source) -> str:
    passage = source.passage
    return passage.heading_path[-1] if passage.heading_path else passage.title


def _without_markers(text: str) -> str:
    """Return the text with `[1]` as `(1)`: what an author put in brackets must not pass for a citation."""
    rounded = re.sub(r"[\[【［]+([^\[\]【】［］\n]{0,60})[\]】］]+", r"(\1)", text)
    return rounded.translate(str.maketrans("[]【】［］", "()()()")).replace("```", "'''")
