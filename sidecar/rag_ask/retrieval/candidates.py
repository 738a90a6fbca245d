"""Candidates: of a large site, the chunks that can be among the best, found without reading all of them.

By meaning they come from the site's HNSW index (`rag-ask indexes`), by words from its postings, and from the documents
that were stored since these were written.
"""

from __future__ import annotations

from typing import Any

from pgvector import SparseVector
from psycopg.rows import tuple_row

from rag_ask.db.database import Conn
from rag_ask.retrieval import postings
from rag_ask.retrieval.filters import READABLE
from rag_ask.retrieval.site_facts import SiteFacts

# So many of the best by words are looked at for some that may be read.
LOOKED_AT = 1000
# Where most may not be read, the index goes on in a loose order: so many times more are taken, for the best of them.
LOOSE = 4

READABLE_POSTS = f"""
SELECT post_id FROM documents WHERE site_id = %(site_id)s AND post_id = ANY(%(post_ids)s) AND {READABLE}
"""
# Written as the index is, so that it is used. Without one the order is exact.
NEAR = f"""
SELECT post_id, position FROM chunks
WHERE site_id = %(site_id)s AND embedder = %(embedder)s AND EXISTS (
  SELECT FROM documents
  WHERE documents.site_id = %(site_id)s AND documents.post_id = chunks.post_id AND {READABLE}
)
ORDER BY embedding::halfvec({{dimensions}}) <=> %(embedding)s LIMIT %(near)s
"""
STORED_SINCE = """
SELECT post_id, position FROM chunks
WHERE site_id = %(site_id)s AND post_id IN (
  SELECT post_id FROM documents WHERE site_id = %(site_id)s AND stored_at > %(postings_at)s
)
"""


def find(
    connection: Conn, values: dict[str, Any], facts: SiteFacts, vector: SparseVector
) -> dict[str, list[int]] | None:
    """The posts and positions of the candidates; None where so little may be read that reading all of it is better.

    values: those of a search.
    """
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        post_ids, positions = postings.best(connection, values["site_id"], vector, LOOKED_AT)
        looked_at = list(set(post_ids.tolist()))
        readable = {post_id for (post_id,) in cursor.execute(READABLE_POSTS, values | {"post_ids": looked_at})}
        by_words = [place for place in zip(post_ids.tolist(), positions.tolist(), strict=True) if place[0] in readable]
        if len(by_words) < values["pool"] and len(post_ids) == LOOKED_AT:
            return None
        near = NEAR.format(dimensions=values["embedding"].dimensions())
        is_loose = 2 * len(readable) < len(looked_at)
        limit = values["pool"] * (LOOSE if is_loose else 1)
        by_meaning = cursor.execute(near, values | {"near": limit}).fetchall()
        if len(by_meaning) < values["pool"]:
            return None
        since = cursor.execute(STORED_SINCE, values | {"postings_at": facts.postings_at}).fetchall()
    places = [*by_words[: values["pool"]], *by_meaning, *since]
    return {"posts": [post_id for post_id, _ in places], "positions": [position for _, position in places]}
