"""Retrieve: a question -> ranked passages of one site, by meaning (dense) and by words (BM25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pgvector import HalfVector, SparseVector
from psycopg.rows import DictRow

from rag_ask import analyze, bm25
from rag_ask.auth import Visitor
from rag_ask.database import Conn, Database
from rag_ask.embed import Embedder
from rag_ask.embedders import Embedders
from rag_ask.ground import Passage

POOL = 60
DENSE_WEIGHT = 0.6
CONFIDENCE_DENSE_WEIGHT = 0.7
MAX_PASSAGES = 8
CONTEXT_CHARACTERS = 6000
# Longer joined passages push the next best one out of a small context: measured with `scripts/bench quality`.
JOINED_CHARACTERS = 1000

# The best of each ranking, both scores for all of them. `+ 0` keeps an index on the whole table out:
# within one site the exact order is as fast and loses nothing.
SEARCH = """
WITH scored AS MATERIALIZED (
  SELECT chunks.post_id, chunks.position, chunks.heading_path, chunks.text, documents.title, documents.url,
         1 - (chunks.embedding <=> %(embedding)s) AS dense,
         -(chunks.lexical <#> %(lexical)s) AS lexical
  FROM chunks JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s AND chunks.embedder = %(embedder)s AND documents.groups && %(groups)s::text[]
)
(SELECT * FROM scored ORDER BY dense DESC LIMIT %(pool)s)
UNION
(SELECT * FROM scored WHERE lexical > 0 ORDER BY lexical DESC LIMIT %(pool)s)
"""


@dataclass(frozen=True)
class Candidate:
    """A chunk with its scores: dense is a cosine, lexical a BM25 sum, score the fusion of both in [0, 1]."""

    position: int
    dense: float
    lexical: float
    passage: Passage


@dataclass(frozen=True)
class Retrieved:
    """Passages, best first, and the confidence in [0, 1] that the site answers the question at all."""

    passages: tuple[Passage, ...]
    confidence: float


def retrieve(
    database: Database, embedders: Embedders, visitor: Visitor, question: str, limit: int = MAX_PASSAGES
) -> Retrieved:
    """Find the passages that this visitor may read and that speak of the question.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged.
    """
    with database.system() as connection:
        embedder = embedders.active(connection)
    rows, lexical, active = _search(database, embedders, embedder, visitor, question)
    if active.name != embedder.name:
        # The embedder was changed while this question was on its way.
        rows, lexical, _ = _search(database, embedders, active, visitor, question)
    candidates = [
        Candidate(
            row["position"],
            row["dense"],
            row["lexical"],
            Passage(row["post_id"], row["title"], row["url"], tuple(row["heading_path"]), row["text"], 0.0),
        )
        for row in rows
    ]
    ranked = fuse(candidates)
    return Retrieved(tuple(join_neighbours(ranked)[:limit]), confidence(candidates, lexical))


def _search(
    database: Database, embedders: Embedders, embedder: Embedder, visitor: Visitor, question: str
) -> tuple[list[DictRow], SparseVector, Embedder]:
    """The rows of SEARCH, the question's terms, and the embedder that was active at the end of it."""
    site_id = visitor.site.site_id
    embedding = embedders.embed_question(embedder, question)
    with database.tenant(site_id) as connection:
        lexical = _question_vector(connection, site_id, question, visitor.language)
        values = {
            "site_id": site_id,
            "embedding": HalfVector(embedding),
            "lexical": lexical,
            "embedder": embedder.name,
            "groups": list(visitor.groups),
            "pool": POOL,
        }
        return connection.execute(SEARCH, values).fetchall(), lexical, embedders.active(connection)


def _question_vector(connection: Conn, site_id: str, question: str, language: str) -> SparseVector:
    dimensions = sorted({analyze.dimension(term) for term in analyze.terms(question, language)})
    counted = connection.execute(
        "SELECT dimension, chunk_count FROM term_counts WHERE site_id = %s AND dimension = ANY(%s) AND chunk_count > 0",
        (site_id, dimensions),
    ).fetchall()
    site = connection.execute("SELECT chunk_count FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    holding = dict.fromkeys(dimensions, 0) | {row["dimension"]: row["chunk_count"] for row in counted}
    return bm25.question_vector(holding, site["chunk_count"] if site else 0)


def fuse(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Rank by 0.6 dense + 0.4 BM25, each scaled to [0, 1] over the candidates.

    A convex combination of scaled scores: Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid
    Retrieval" (2023).
    """
    if not candidates:
        return []
    lowest = min(candidate.dense for candidate in candidates)
    dense_range = max(candidate.dense for candidate in candidates) - lowest or 1.0
    most_lexical = max(candidate.lexical for candidate in candidates) or 1.0

    def score(candidate: Candidate) -> float:
        dense = (candidate.dense - lowest) / dense_range
        return DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * candidate.lexical / most_lexical

    scored = [replace(c, passage=replace(c.passage, score=score(c))) for c in candidates]
    return sorted(scored, key=lambda c: (-c.passage.score, c.passage.post_id, c.position))


def join_neighbours(ranked: Sequence[Candidate]) -> list[Passage]:
    """Ranked chunks -> passages: chunks that follow each other under one heading become one, at the better rank.

    A joined passage has at most 1,000 characters. Stops when the context is full.
    """
    groups: list[list[Candidate]] = []
    characters = 0
    for candidate in ranked:
        if characters >= CONTEXT_CHARACTERS:
            break
        characters += len(candidate.passage.text)
        group = next((group for group in groups if _continues(candidate, group)), None)
        if group is None:
            groups.append([candidate])
        else:
            group.append(candidate)
    return [_joined(group) for group in groups]


def _continues(candidate: Candidate, group: Sequence[Candidate]) -> bool:
    length = sum(len(other.passage.text) for other in (*group, candidate))
    return length <= JOINED_CHARACTERS and any(_adjacent(candidate, other) for other in group)


def _adjacent(one: Candidate, other: Candidate) -> bool:
    return (
        one.passage.post_id == other.passage.post_id
        and one.passage.heading_path == other.passage.heading_path
        and abs(one.position - other.position) == 1
    )


def _joined(group: list[Candidate]) -> Passage:
    in_order = sorted(group, key=lambda candidate: candidate.position)
    best = max(group, key=lambda candidate: candidate.passage.score).passage
    return replace(best, text="\n".join(candidate.passage.text for candidate in in_order))


def confidence(candidates: Sequence[Candidate], question: SparseVector) -> float:
    """How likely the site answers the question, in [0, 1].

    0.7 times the best cosine plus 0.3 times the largest share of the question's idf that one candidate's BM25 reaches.
    Meaning weighs more than in `fuse`: on a small site "Where is the moon?" shares most of its words with any page.
    """
    if not candidates:
        return 0.0
    total = sum(question.values()) * (bm25.K1 + 1) / 2
    covered = min(1.0, max(c.lexical for c in candidates) / total) if total else 0.0
    dense = max(0.0, max(c.dense for c in candidates))
    return CONFIDENCE_DENSE_WEIGHT * dense + (1 - CONFIDENCE_DENSE_WEIGHT) * covered
