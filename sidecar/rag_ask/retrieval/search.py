"""Search: a query's vector and terms -> candidate chunks of one site, with dense and lexical scores."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg.rows import DictRow

from rag_ask.db.database import Conn
from rag_ask.messages import Filter
from rag_ask.passage import Passage
from rag_ask.retrieval import filters, query, term_weights
from rag_ask.retrieval.config import Recipe
from rag_ask.retrieval.fuse import Candidate
from rag_ask.tenant import Visitor

POOL = 60
# A chunk with a phrase has its words too, so only the best by words are read for it.
READ_FOR_PHRASES = 500
# With so many words that carry content a question stands alone.
WORDS_OF_ITS_OWN = 4

# What WordPress makes of the quotes, primes and hyphens that people type.
CURLED = "‘’‚‛′“”„‟″‐‑‒–—−"
TYPED = "'" * 5 + '"' * 5 + "-" * 6

# The best of each ranking with the chunks beside them, both scores for all of them. No index on the vectors: within
# one site the exact order is as fast and loses nothing. Texts are read at the end, for the few that are wanted.
SEARCH = f"""
WITH scored AS MATERIALIZED (
  SELECT chunks.post_id, chunks.position,
         1 - (chunks.embedding <=> %(embedding)s) AS dense,
         -(chunks.lexical <#> %(lexical)s) AS lexical
  FROM chunks JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s AND chunks.embedder = %(embedder)s AND documents.groups && %(groups)s::text[]
    AND documents.incarnation = (SELECT incarnation FROM sites WHERE site_id = %(site_id)s)
    AND {filters.CONDITIONS}
),
exact AS MATERIALIZED (
  SELECT post_id, position
  FROM (SELECT * FROM scored WHERE %(patterns)s::text[] <> '{{}}' AND lexical > 0
        ORDER BY lexical DESC LIMIT %(read_for_phrases)s) AS likely
  JOIN chunks USING (post_id, position) JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s
    AND translate(concat_ws(' ', documents.title, array_to_string(chunks.heading_path, ' '), chunks.text),
                  %(curled)s, %(typed)s)
      ILIKE ALL(%(patterns)s)
  ORDER BY dense DESC LIMIT %(pool)s
),
pooled AS MATERIALIZED (
  (SELECT post_id, position FROM scored ORDER BY dense DESC LIMIT %(pool)s)
  UNION
  (SELECT post_id, position FROM scored WHERE lexical > 0 ORDER BY lexical DESC LIMIT %(pool)s)
  UNION
  (SELECT post_id, position FROM exact)
),
wanted AS (
  SELECT post_id, position + step AS position, bool_or(step = 0) AS is_pooled
  FROM pooled, generate_series(-1, 1) AS step GROUP BY 1, 2
)
SELECT scored.*, wanted.is_pooled, (post_id, position) IN (SELECT post_id, position FROM exact) AS is_exact,
       chunks.heading_path, chunks.text, chunks.kind, documents.title, documents.language,
       coalesce(documents.page_urls[chunks.page - 1], documents.url) AS url, documents.modified_at,
       coalesce(documents.modified_at, documents.published_at) AS dated_at
FROM wanted JOIN scored USING (post_id, position)
JOIN chunks USING (post_id, position) JOIN documents USING (site_id, post_id)
WHERE chunks.site_id = %(site_id)s
"""


@dataclass(frozen=True)
class Found:
    """The chunks; what each term of the question weighs, by its dimension; the idf that all its words have together.

    lacks_code: the question names a product or the like that the site does not know. leaning: how far it needs the
    question before, in [0, 1].
    """

    chunks: list[Candidate]
    weights: Mapping[int, float]
    total: float
    lacks_code: bool
    leaning: float


def search(
    connection: Conn,
    visitor: Visitor,
    asked: str,
    embedder: str,
    embedding: NDArray[np.float32],
    wanted: Filter,
    recipe: Recipe,
) -> Found:
    """Look the question up among what this visitor may read."""
    site_id = visitor.site.site_id
    languages = [visitor.language, *term_weights.languages(connection, site_id)]
    words = query.words(asked, filter(None, languages), drops_stop_words=recipe.drops_stop_words)
    weighed = term_weights.weigh(connection, site_id, words, fuzzy=recipe.fuzzy)
    values = {
        "site_id": site_id,
        "embedding": HalfVector(embedding),
        "lexical": weighed.vector,
        "patterns": [_pattern(phrase) for phrase in query.phrases(asked)],
        "curled": CURLED,
        "typed": TYPED,
        "embedder": embedder,
        "groups": list(visitor.groups),
        "pool": POOL,
        "read_for_phrases": READ_FOR_PHRASES,
    }
    rows = connection.execute(SEARCH, values | filters.values(wanted)).fetchall()
    weights = dict(zip(weighed.vector.indices(), weighed.vector.values(), strict=True))
    leaning = _leaning(query.own_words(asked, filter(None, languages)), weighed.known) if words else 0.0
    return Found(_candidates(rows), weights, weighed.total, weighed.lacks_code, leaning)


def _leaning(own_words: int, known: float) -> float:
    """The less, the more words of its own a question has. What the site never speaks of is no part of what it said."""
    return max(0.0, 1 - own_words / WORDS_OF_ITS_OWN) * (known if own_words else 1.0)


def _candidates(rows: Sequence[DictRow]) -> list[Candidate]:
    return [
        Candidate(
            row["position"],
            row["dense"],
            row["lexical"],
            Passage(
                row["post_id"],
                row["title"],
                row["url"],
                tuple(row["heading_path"]),
                row["text"],
                0.0,
                row["modified_at"],
                row["kind"],
                row["position"],
                row["language"],
            ),
            row["is_pooled"],
            row["is_exact"],
            row["dated_at"],
        )
        for row in rows
    ]


def _pattern(phrase: str) -> str:
    """A pattern of LIKE that finds this phrase anywhere."""
    typed = phrase.translate(str.maketrans(CURLED, TYPED))
    return "%" + re.sub(r"([\\%_])", r"\\\1", typed) + "%"
