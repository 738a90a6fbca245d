"""Fuse: dense and lexical scores -> one ranking, and the confidence that the site answers the question. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag_ask.text import bm25
from rag_ask.text.language import code_of

# Scores that differ by less are equal: then the newer text comes first.
TIE = 0.005

# The best match by words must hold this share of the question to count in full: by fewer, the others are no worse.
HELD = 0.3

# How many chunks of a page speak for it, each by this factor less than the one before.
PAGE_CHUNKS = 8
PAGE_DECAY = 0.8

# What the neighbours of a chunk say of the confidence, against what it says itself.
AROUND = 0.15

# What the question before says of a chunk, against what the question says itself.
BEFORE = 0.35

Place = tuple[int, int]
Scores = NDArray[np.float64]
# Dense and lexical scores -> both in one.
Combination = Callable[[Scores, Scores], Scores]


class Candidate(NamedTuple):
    """A chunk with its scores: dense is a cosine, lexical a BM25 sum, score the fusion of both.

    before, after: the scores of the chunk before it and after it on the page, where it has the same heading. is_exact:
    holds every phrase that the question has in quotes. language: of its page, a BCP 47 tag. dated_at: seconds since the
    epoch.
    """

    post_id: int
    position: int
    dense: float
    lexical: float
    dense_before: float | None = None
    lexical_before: float | None = None
    dense_after: float | None = None
    lexical_after: float | None = None
    is_exact: bool = False
    language: str = ""
    dated_at: float | None = None
    score: float = 0.0

    @property
    def place(self) -> Place:
        """Where the chunk stands: post and position."""
        return self.post_id, self.position


def fuse(
    chunks: Sequence[Candidate],
    dense_weight: float,
    neighbour_weight: float,
    page_weight: float = 0.0,
    question_total: float = 0.0,
) -> list[Candidate]:
    """Rank the chunks by meaning and words, their own, in part their neighbours' and their page's. Scores are in
    [0, 1]. question_total: the idf of all words of the question together.

    The page counts in the scores and in what comes first. The order of the others is without it: what an answer needs
    besides may be on any page.

    A convex combination of scaled scores: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid
    Retrieval" (2023). A chunk amid others that match is likelier to be about the question than one that matches by
    chance: Fernández, Losada, Azzopardi, "Extending the language modeling framework for sentence retrieval to include
    local context" (2011). One that stands alone is its own context, so that a short page loses nothing. A page with
    several good chunks is likelier to be about the question than one with a single match: Bendersky and Kurland,
    "Utilizing passage-based language models for document retrieval" (2008).
    """
    if not chunks:
        return []
    scores = _scores(chunks)
    combined = _combination(scores[:, 0], dense_weight, question_total)
    placed = _in_place(scores, combined, neighbour_weight)
    are_exact = [chunk.is_exact for chunk in chunks]
    if any(are_exact):
        # What stands in quotes was asked for word for word.
        placed = (placed + are_exact) / 2
    of_page = _pages(chunks, combined(*scores[:, 0].T))
    whole = (1 - page_weight) * placed + page_weight * of_page
    ranked = sorted(zip(chunks, placed.tolist(), whole.tolist(), strict=True), key=lambda one: _order(one[0], one[1]))
    first = min(ranked, key=lambda one: _order(one[0], one[2]))
    ranked.remove(first)
    # `_replace` takes twice the time.
    return [Candidate(*chunk[:-1], score) for chunk, _, score in (first, *ranked)]


def merge(rankings: Sequence[Sequence[Candidate]]) -> list[Candidate]:
    """One ranking of several, each chunk with the best score that it has in any.

    CombMAX: Fox and Shaw, "Combination of Multiple Searches" (1994).
    """
    best: dict[Place, Candidate] = {}
    for chunk in (chunk for ranked in rankings for chunk in ranked):
        if chunk.place not in best or chunk.score > best[chunk.place].score:
            best[chunk.place] = chunk
    return sorted(best.values(), key=lambda chunk: _order(chunk, chunk.score))


def in_context(ranked: Sequence[Candidate], before: Sequence[Candidate]) -> list[Candidate]:
    """One ranking of a question's and that of the question before: each chunk with the weighted sum of its scores.

    Of a question without a noun most chunks score alike, so the one before decides; a new noun outweighs it.
    """
    scores: dict[Place, float] = {}
    for weight, ranking in ((1 - BEFORE, ranked), (BEFORE, before)):
        for chunk in ranking:
            scores[chunk.place] = scores.get(chunk.place, 0.0) + weight * chunk.score
    chunks = {chunk.place: chunk for chunk in (*before, *ranked)}
    scored = [chunk._replace(score=scores[place]) for place, chunk in chunks.items()]
    return sorted(scored, key=lambda chunk: _order(chunk, chunk.score))


def _scores(chunks: Sequence[Candidate]) -> Scores:
    """Chunk x (itself, the one before it, the one after it) x (dense, lexical). NaN where there is none."""
    # As loops over each chunk, this and what follows took four times as long.
    return np.array([chunk[2:8] for chunk in chunks], dtype=float).reshape(-1, 3, 2)


def _combination(scores: Scores, dense_weight: float, question_total: float) -> Combination:
    """The weighted sum of both scores, each scaled to [0, 1] over these chunks. scores: chunk x (dense, lexical)."""
    lowest = float(scores[:, 0].min())
    dense_share = dense_weight / (float(scores[:, 0].max()) - lowest or 1.0)
    most_lexical = max(HELD * _full(question_total), float(scores[:, 1].max())) or 1.0
    lexical_share = (1 - dense_weight) / most_lexical
    return lambda dense, lexical: dense_share * np.maximum(0.0, dense - lowest) + lexical_share * lexical


def _in_place(scores: Scores, combined: Combination, neighbour_weight: float) -> Scores:
    """What each chunk says itself and what those beside it say, weighed."""
    own, before, after = combined(scores[:, :, 0], scores[:, :, 1]).T
    around = np.where(np.isnan(before), after, np.where(np.isnan(after), before, (before + after) / 2))
    weighed: Scores = (1 - neighbour_weight) * own + neighbour_weight * np.where(np.isnan(around), own, around)
    return weighed


def _pages(chunks: Sequence[Candidate], own: Scores) -> Scores:
    """How much the best chunks of each chunk's page say together, the best page 1."""
    scores: dict[int, list[float]] = {}
    for chunk, score in zip(chunks, own.tolist(), strict=True):
        scores.setdefault(chunk.post_id, []).append(score)
    sums = {
        post_id: sum(PAGE_DECAY**rank * score for rank, score in enumerate(sorted(found, reverse=True)[:PAGE_CHUNKS]))
        for post_id, found in scores.items()
    }
    return np.array([sums[chunk.post_id] for chunk in chunks]) / (max(sums.values()) or 1.0)


def confidence_across(
    chunks: Sequence[Candidate], asked_in: str, base: float, slope: float, cosine_floor: float = 0.0
) -> float:
    """The confidence of a question in another language than the page, from the cosine alone: no word could match.

    asked_in: code of the question's language; chunks in that language are left out. base, slope: of the line from the
    stretched cosine to the confidence.
    """
    foreign = [chunk for chunk in chunks if code_of(chunk.language) not in ("", asked_in)]
    meaning = confidence(foreign, 0.0, dense_weight=1.0, cosine_floor=cosine_floor, neighbour_weight=0.0)
    return min(1.0, base + slope * meaning) if foreign else 0.0


def _full(question_total: float) -> float:
    """The BM25 sum of a chunk that holds every word of the question once, at a usual length."""
    return question_total * (bm25.K1 + 1) / 2


def _order(chunk: Candidate, score: float) -> tuple[bool, int, float, float, Place]:
    return not chunk.is_exact, -round(score / TIE), -(chunk.dated_at or 0.0), -score, chunk.place


def confidence(
    chunks: Sequence[Candidate],
    question_total: float,
    dense_weight: float = 0.7,
    cosine_floor: float = 0.0,
    neighbour_weight: float = AROUND,
) -> float:
    """How likely the site answers the question, in [0, 1]: how well its best chunk matches.

    0.7 times the cosine plus 0.3 times the share of the question's idf that its BM25 reaches. Meaning weighs more
    than in `fuse`: on a small site "Where is the moon?" shares most of its words with any page. dense_weight: 0 where
    the cosine says nothing. cosine_floor: where the embedder's cosines begin, which is stretched to 0.
    neighbour_weight: a chunk that speaks of the question amid others that do not may hold its words by chance.
    """
    if not chunks:
        return 0.0
    full = _full(question_total)

    def match(dense: Scores, lexical: Scores) -> Scores:
        words = np.minimum(1.0, lexical / full) if full else np.zeros_like(lexical)
        meaning = np.maximum(0.0, dense - cosine_floor) / (1 - cosine_floor)
        return dense_weight * meaning + (1 - dense_weight) * words

    return float(_in_place(_scores(chunks), match, neighbour_weight).max())
