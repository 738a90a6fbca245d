"""BM25 as an inner product of sparse vectors: saturated term frequency times inverse document frequency.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), formulas 3.15 and 3.3
(the idf with 1 added inside the logarithm, so that it is never negative).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from pgvector import SparseVector

from rag_ask.text import analyze

DIMENSIONS = 1_000_000_000
# As tuned on the passages of MS MARCO (Lin et al., Anserini): in a text of a few sentences a repeated term soon says
# nothing new.
K1 = 0.82
B = 0.68
# Chunks are cut to one size, so a constant stands for the mean length and a stored vector never goes stale.
MEAN_TERMS = 70.0
MAX_TERMS = 16_000


def document_vector(terms: Iterable[str]) -> SparseVector:
    """Term -> tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))."""
    counts = Counter(analyze.dimension(term) for term in terms)
    length = sum(counts.values())
    norm = K1 * (1 - B + B * length / MEAN_TERMS)
    kept = counts.most_common(MAX_TERMS)
    return SparseVector({d: count * (K1 + 1) / (count + norm) for d, count in kept}, DIMENSIONS)


def idf(holding: int, chunk_count: int) -> float:
    """How much a term tells that `holding` of the site's `chunk_count` chunks have. Never negative."""
    return math.log(1 + (max(holding, chunk_count) - holding + 0.5) / (holding + 0.5))
