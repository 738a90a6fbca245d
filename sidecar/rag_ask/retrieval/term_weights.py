"""Term weights: the idf of a question's words on this site (table term_counts)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pgvector import SparseVector
from psycopg import ClientCursor
from psycopg.rows import tuple_row

from rag_ask.db.database import Conn
from rag_ask.retrieval import product_codes
from rag_ask.retrieval.query import Word
from rag_ask.text import bm25, spelling
from rag_ask.text.analyze import dimension

MAX_COMPARED = 5_000
# So many words of a question are looked up like this: each reads thousands of the site's.
MAX_FUZZY = 8

HOLDING = """
SELECT dimension, chunk_count FROM term_counts WHERE site_id = %s AND dimension = ANY(%s) AND chunk_count > 0
"""
# Nobody misspells the first letter; the index finds the others by it. The client puts the values in: without them the
# planner reads all terms of the site.
NEAR = """
SELECT term, chunk_count FROM term_counts
WHERE site_id = %(site_id)s AND term >= %(first)s AND term < %(after)s AND chunk_count > 0
  AND length(term) BETWEEN %(length)s - %(edits)s AND %(length)s + %(edits)s
ORDER BY chunk_count DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Weighed:
    """The question as a sparse vector, and `total`: the sum of idf that a chunk with every word of it reaches.

    lacks_code: there is a product code in it that the site does not know. known: the share of its words that it knows.
    """

    vector: SparseVector
    total: float
    lacks_code: bool
    known: float


def weigh(connection: Conn, site_id: str, words: Sequence[Word], chunk_count: int, *, fuzzy: bool = True) -> Weighed:
    """Weigh each word by how few chunks of the site hold it; one that none holds stands for the nearest that some do.

    What nobody wrote on the site counts in the total, so that a question about something else is known by it.
    chunk_count: of the site.
    """
    holding = _holding(connection, site_id, {term for word in words for term in word.terms})
    unknown = [word for word in words if not word.terms & holding.keys() and len(word.text) >= spelling.MIN_CHARACTERS]
    looked_up = set(unknown[:MAX_FUZZY] if fuzzy else ())

    def idf(term: str) -> float:
        return bm25.idf(holding.get(term, 0), chunk_count)

    weights = {dimension(term): idf(term) for term in holding}
    total, known = 0.0, 0
    for word in words:
        is_known = bool(word.terms & holding.keys())
        meant = _meant(connection, site_id, word) if word in looked_up else {}
        known += is_known or bool(meant)
        for term, (count, likeness) in meant.items():
            weights.setdefault(dimension(term), likeness * bm25.idf(count, chunk_count))
        in_full = max(sum(map(idf, reading)) for reading in word.readings)
        # A word that was meant counts as that one: a question of nothing else would look foreign by its typo.
        total += max((bm25.idf(count, chunk_count) for count, _ in meant.values()), default=in_full)
    lacks_code = product_codes.lacks_one(connection, site_id, words, holding.keys())
    return Weighed(SparseVector(weights, bm25.DIMENSIONS), total, lacks_code, known / len(words) if words else 0.0)


def _holding(connection: Conn, site_id: str, terms: Iterable[str]) -> dict[str, int]:
    """Return how many chunks hold each of these terms, without those that none holds."""
    by_dimension = {dimension(term): term for term in terms}
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(HOLDING, (site_id, list(by_dimension)), prepare=True)
        return {by_dimension[place]: count for place, count in rows.fetchall()}


def _meant(connection: Conn, site_id: str, word: Word) -> dict[str, tuple[int, float]]:
    """Return the site's nearest terms to an unknown word: term -> (chunks that hold it, likeness in [0, 1])."""
    found: dict[str, tuple[int, float]] = {}
    for term in filter(spelling.is_spelled, sorted(word.terms)):
        values = {
            "site_id": site_id,
            "first": term[0],
            "after": chr(ord(term[0]) + 1),
            "length": len(term),
            "edits": spelling.max_edits(term),
            "limit": MAX_COMPARED,
        }
        cursor = ClientCursor(connection, row_factory=tuple_row)
        counts: dict[str, int] = dict(cursor.execute(NEAR, values).fetchall())
        nearest = spelling.nearest(term, counts)
        found |= {other: (counts[other], 1 - edits / len(term)) for other, edits in nearest.items()}
    return found
