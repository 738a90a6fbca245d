"""Search: a query's vector and terms -> candidate chunks of one site, with dense and lexical scores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import starmap

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg.rows import tuple_row

from rag_ask.db.database import Conn
from rag_ask.messages import Filter
from rag_ask.providers.embed import question_language
from rag_ask.retrieval import candidates, filters, query, term_weights
from rag_ask.retrieval.config import Recipe
from rag_ask.retrieval.fuse import Candidate
from rag_ask.retrieval.site_facts import SiteFacts
from rag_ask.retrieval.term_weights import Weighed
from rag_ask.tenant import Visitor
from rag_ask.text.language import code_of

POOL = 60
# A chunk with a phrase has its words too, so only the best by words are read for it.
READ_FOR_PHRASES = 500
# With so many words that carry content a question stands alone.
WORDS_OF_ITS_OWN = 4
# A question of which the site has this share by weight is in its words: "Mensa" is none in Italian there.
SHARED = 0.9

# What WordPress makes of the quotes, primes and hyphens that people type.
CURLED = "‘’‚‛′“”„‟″‐‑‒–—−"
TYPED = "'" * 5 + '"' * 5 + "-" * 6

SCORES = """
  SELECT chunks.post_id, chunks.position, chunks.heading_path,
         1 - (chunks.embedding <=> %(embedding)s) AS dense,
         -(chunks.lexical <#> %(lexical)s) AS lexical,
         documents.language, coalesce(documents.modified_at, documents.published_at) AS dated_at
"""
# Both scores of every chunk that may be read: within one site the exact order is fast, and loses nothing.
SCORED = f"""
WITH scored AS MATERIALIZED (
  {SCORES}
  FROM chunks JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s AND chunks.embedder = %(embedder)s AND chunks.kind <> 'note' AND {{readable}}
),
"""
# Both scores of the candidates, and of the chunks beside them. OFFSET 0 has documents and their chunks looked up one by
# one: the planner would read all of the site's, and without statistics compare each chunk with each candidate.
SCORED_CANDIDATES = f"""
WITH around AS (
  SELECT post_id, array_agg(DISTINCT position + step) AS positions
  FROM unnest(%(posts)s::bigint[], %(positions)s::int[]) AS candidates (post_id, position),
       generate_series(-1, 1) AS step
  GROUP BY post_id
),
scored AS MATERIALIZED (
  {SCORES}
  FROM around CROSS JOIN LATERAL (
    SELECT documents.language, documents.modified_at, documents.published_at FROM documents
    WHERE documents.site_id = %(site_id)s AND documents.post_id = around.post_id AND {{readable}} OFFSET 0
  ) AS documents CROSS JOIN LATERAL (
    SELECT * FROM chunks
    WHERE site_id = %(site_id)s AND post_id = around.post_id AND position = ANY(around.positions)
      AND embedder = %(embedder)s AND kind <> 'note' OFFSET 0
  ) AS chunks
),
"""

EXACT = """
exact (post_id, position) AS MATERIALIZED (
  SELECT post_id, position
  FROM (SELECT * FROM scored WHERE lexical > 0 ORDER BY lexical DESC LIMIT %(read_for_phrases)s) AS likely
  JOIN chunks USING (post_id, position) JOIN documents USING (site_id, post_id)
  WHERE chunks.site_id = %(site_id)s
    AND translate(concat_ws(' ', documents.title, array_to_string(chunks.heading_path, ' '), chunks.text),
                  %(curled)s, %(typed)s)
      ILIKE ALL(%(patterns)s)
  ORDER BY dense DESC LIMIT %(pool)s
),
"""
# Most questions quote nothing, and each join takes time to be planned.
NOTHING_EXACT = "exact (post_id, position) AS (SELECT 0::bigint, 0 WHERE false),"

# The best of each ranking, with the scores of the chunks beside them under the same heading. IS NOT DISTINCT FROM has
# headings compared for those that are found beside them: with = those of all chunks are hashed.
BEST = """
pooled AS MATERIALIZED (
  (SELECT * FROM scored ORDER BY dense DESC LIMIT %(pool)s)
  UNION
  (SELECT * FROM scored WHERE lexical > 0 ORDER BY lexical DESC LIMIT %(pool)s)
  UNION
  (SELECT scored.* FROM exact JOIN scored USING (post_id, position))
)
SELECT pooled.post_id, pooled.position, pooled.dense, pooled.lexical,
       before.dense, before.lexical, after.dense, after.lexical,
       (pooled.post_id, pooled.position) IN (SELECT post_id, position FROM exact), pooled.language,
       date_part('epoch', pooled.dated_at)
FROM pooled
LEFT JOIN scored AS before
  ON before.post_id = pooled.post_id AND before.position = pooled.position - 1
     AND before.heading_path IS NOT DISTINCT FROM pooled.heading_path
LEFT JOIN scored AS after
  ON after.post_id = pooled.post_id AND after.position = pooled.position + 1
     AND after.heading_path IS NOT DISTINCT FROM pooled.heading_path
"""


@dataclass(frozen=True)
class Found:
    """The chunks; what each term of the question weighs, by its dimension; the idf that all its words have together.

    lacks_code: the question names a product or the like that the site does not know. known: the share of its words
    that the site knows. is_across: the question is in none of its languages.
    """

    chunks: list[Candidate]
    weights: Mapping[int, float]
    total: float
    lacks_code: bool
    known: float
    is_across: bool = False


def search(
    connection: Conn,
    visitor: Visitor,
    asked: str,
    embedder: str,
    embedding: NDArray[np.float32],
    wanted: Filter,
    recipe: Recipe,
    facts: SiteFacts,
) -> Found:
    """Look the question up among what this visitor may read."""
    site_id = visitor.site.site_id
    languages = [visitor.language, *facts.languages]
    words = query.words(asked, filter(None, languages), drops_stop_words=recipe.drops_stop_words)
    weighed = term_weights.weigh(connection, site_id, words, facts.chunk_count, fuzzy=recipe.fuzzy)
    patterns = [_pattern(phrase) for phrase in query.phrases(asked)]
    moved = None if _is_shared(weighed) else question_language.moved(embedder, embedding, map(code_of, facts.languages))
    values = {
        "site_id": site_id,
        "embedding": HalfVector(embedding if moved is None else moved),
        "lexical": weighed.vector,
        "patterns": patterns,
        "curled": CURLED,
        "typed": TYPED,
        "embedder": embedder,
        "groups": list(visitor.groups),
        "pool": POOL,
        "read_for_phrases": READ_FOR_PHRASES,
    }
    values |= filters.values(wanted)
    readable = filters.readable(wanted)
    found = candidates.find(connection, values, readable, facts, weighed.vector) if facts.postings_at else None
    scored = (SCORED if found is None else SCORED_CANDIDATES).format(readable=readable)
    statement = scored + (EXACT if patterns else NOTHING_EXACT) + BEST
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        # The plan for a small site is the same for all of them.
        cursor.execute(statement, values | (found or {}), prepare=facts.postings_at is None)
        chunks = list(starmap(Candidate, cursor.fetchall()))
    weights = dict(zip(weighed.vector.indices(), weighed.vector.values(), strict=True))
    return Found(chunks, weights, weighed.total, weighed.lacks_code, weighed.known, moved is not None)


def _is_shared(weighed: Weighed) -> bool:
    return sum(weighed.vector.values()) >= SHARED * weighed.total


def leaning(visitor: Visitor, asked: str, facts: SiteFacts, found: Found) -> float:
    """How far a question needs the one before, in [0, 1]: the less, the more words of its own it has.

    What the site never speaks of is no part of what it said.
    """
    if not found.total:
        return 0.0
    own_words = query.own_words(asked, filter(None, (visitor.language, *facts.languages)))
    return max(0.0, 1 - own_words / WORDS_OF_ITS_OWN) * (found.known if own_words else 1.0)


def _pattern(phrase: str) -> str:
    """A pattern of LIKE that finds this phrase anywhere."""
    typed = phrase.translate(str.maketrans(CURLED, TYPED))
    return "%" + re.sub(r"([\\%_])", r"\\\1", typed) + "%"
