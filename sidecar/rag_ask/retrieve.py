"""Retrieve: a question -> ranked passages of one site, by meaning (dense) and by words (BM25).

analyze -> search -> fuse -> (rerank) -> mix -> thin -> join
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pgvector import HalfVector
from psycopg.rows import DictRow

from rag_ask import narrow, passages, question, thresholds, vocabulary
from rag_ask.auth import Visitor
from rag_ask.database import Database
from rag_ask.embed import Embedder
from rag_ask.embedders import Embedders
from rag_ask.fuse import Candidate, confidence, fuse
from rag_ask.ground import Passage
from rag_ask.messages import Filter
from rag_ask.recipe import RECIPE, Recipe
from rag_ask.rerank import Reranker

POOL = 60
MAX_PASSAGES = 8

# The best of each ranking with the chunks beside them, both scores for all of them. No index on the vectors: within
# one site the exact order is as fast and loses nothing. Texts are read at the end, for the few that are wanted.
SEARCH = f"""
WITH scored AS MATERIALIZED (
  SELECT chunks.post_id, chunks.position,
         1 - (chunks.embedding <=> %(embedding)s) AS dense,
         -(chunks.lexical <#> %(lexical)s) AS lexical,
         %(patterns)s::text[] <> '{{}}'
           AND concat_ws(' ', documents.title, array_to_string(chunks.heading_path, ' '), chunks.text)
             ILIKE ALL(%(patterns)s) AS is_exact
  FROM chunks JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s AND chunks.embedder = %(embedder)s AND documents.groups && %(groups)s::text[]
    AND {narrow.CONDITIONS}
),
pooled AS MATERIALIZED (
  (SELECT post_id, position FROM scored ORDER BY dense DESC LIMIT %(pool)s)
  UNION
  (SELECT post_id, position FROM scored WHERE lexical > 0 ORDER BY lexical DESC LIMIT %(pool)s)
  UNION
  (SELECT post_id, position FROM scored WHERE is_exact ORDER BY dense DESC LIMIT %(pool)s)
),
wanted AS (
  SELECT post_id, position + step AS position, bool_or(step = 0) AS is_pooled
  FROM pooled, generate_series(-1, 1) AS step GROUP BY 1, 2
)
SELECT scored.*, wanted.is_pooled, chunks.heading_path, chunks.text, documents.title, documents.url,
       coalesce(documents.modified_at, documents.published_at) AS dated_at
FROM wanted JOIN scored USING (post_id, position)
JOIN chunks USING (post_id, position) JOIN documents USING (site_id, post_id)
WHERE chunks.site_id = %(site_id)s
"""


@dataclass(frozen=True)
class Retrieved:
    """Passages, best first, and the confidence in [0, 1] that the site answers the question at all.

    min_score: the threshold that was measured for the embedder.
    """

    passages: tuple[Passage, ...]
    confidence: float
    min_score: float

    def is_enough(self, min_score: float | None = None) -> bool:
        """Is this a base for an answer? A `min_score` of the settings wins over the measured one."""
        return self.confidence >= (self.min_score if min_score is None else min_score)


@dataclass(frozen=True)
class _Found:
    chunks: list[Candidate]
    total: float
    min_score: float
    active: Embedder


def retrieve(
    database: Database,
    embedders: Embedders,
    visitor: Visitor,
    asked: str,
    limit: int = MAX_PASSAGES,
    wanted: Filter | None = None,
    recipe: Recipe = RECIPE,
    reranker: Reranker | None = None,
) -> Retrieved:
    """Find the passages that this visitor may read and that speak of the question.

    Raises DatabaseUnavailable, ProviderUnavailable, EmbedderChanged.
    """
    with database.system() as connection:
        embedder = embedders.active(connection)
    wanted = wanted or Filter()
    found = _search(database, embedders, embedder, visitor, asked, wanted, recipe)
    if found.active.name != embedder.name:
        # The embedder was changed while this question was on its way.
        found = _search(database, embedders, found.active, visitor, asked, wanted, recipe)
    ranked = fuse(found.chunks, recipe.dense_weight, recipe.neighbour_weight)
    if reranker:
        ranked = reranker.rerank(asked, ranked)
    if recipe.thins:
        ranked = passages.mixed(ranked)
    shown = passages.fitting(ranked, thins=recipe.thins)
    best = passages.joined(shown) if recipe.joins else [chunk.passage for chunk in shown]
    return Retrieved(tuple(best[:limit]), confidence(found.chunks, found.total), found.min_score)


def _search(
    database: Database,
    embedders: Embedders,
    embedder: Embedder,
    visitor: Visitor,
    asked: str,
    wanted: Filter,
    recipe: Recipe,
) -> _Found:
    """Look the question up. `active` is the embedder that was active at the end of it."""
    site_id = visitor.site.site_id
    embedding = embedder.embed([asked])[0]
    with database.tenant(site_id) as connection:
        languages = [visitor.language, *vocabulary.languages(connection, site_id)]
        words = question.words(asked, filter(None, languages), drops_stop_words=recipe.drops_stop_words)
        weighed = vocabulary.weigh(connection, site_id, words, mends_typos=recipe.mends_typos)
        values = {
            "site_id": site_id,
            "embedding": HalfVector(embedding),
            "lexical": weighed.vector,
            "patterns": [_pattern(phrase) for phrase in question.phrases(asked)],
            "embedder": embedder.name,
            "groups": list(visitor.groups),
            "pool": POOL,
        }
        rows = connection.execute(SEARCH, values | narrow.values(wanted)).fetchall()
        min_score = thresholds.of_embedder(connection, embedder.name)
        return _Found(_candidates(rows), weighed.total, min_score, embedders.active(connection))


def _candidates(rows: Sequence[DictRow]) -> list[Candidate]:
    return [
        Candidate(
            row["position"],
            row["dense"],
            row["lexical"],
            Passage(row["post_id"], row["title"], row["url"], tuple(row["heading_path"]), row["text"], 0.0),
            row["is_pooled"],
            row["is_exact"],
            row["dated_at"],
        )
        for row in rows
    ]


def _pattern(phrase: str) -> str:
    """A pattern of LIKE that finds this phrase anywhere."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", phrase) + "%"
