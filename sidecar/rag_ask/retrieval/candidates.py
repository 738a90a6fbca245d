"""Candidates: of a large site, the chunks that can be among the best, found without reading all of them.

By meaning they come from the site's HNSW index (`rag-ask indexes`), by words from its postings, and from the documents
that were stored since these were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pgvector import SparseVector
from psycopg import Cursor
from psycopg.rows import tuple_row

from rag_ask.db.database import Conn
from rag_ask.retrieval import postings
from rag_ask.retrieval.fuse import Place
from rag_ask.retrieval.site_facts import SiteFacts

# So many of the best by words are looked at for some that may be read: most questions need no more than the first few.
LOOKED_AT = (150, 1000)
# Where less than this share may be read, the index goes on in a loose order: so many times more are taken, and it looks
# further at each step. With a filter that leaves a fifth, recall@60 at 100,000 chunks is .97 so, and was .90.
MOST = 0.5
LOOSE = 4
LOOK_FURTHER = "SET LOCAL hnsw.ef_search = 800; SET LOCAL hnsw.max_scan_tuples = 6000"

# Planned for this site, as its index is its own. The index reads on where documents may not be read, but not for long:
# the search is exact then.
PLAN_FOR_SITE = """
SET LOCAL plan_cache_mode = auto; SET LOCAL enable_nestloop = on; SET LOCAL hnsw.ef_search = 200;
SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.max_scan_tuples = 2000
"""
READABLE_POSTS = """
SELECT post_id FROM documents WHERE site_id = %(site_id)s AND post_id = ANY(%(post_ids)s) AND {readable}
"""
# Written as the index is, so that it is used. Without one the order is exact.
NEAR = """
SELECT post_id, position FROM chunks
WHERE site_id = %(site_id)s AND embedder = %(embedder)s AND kind <> 'note' AND EXISTS (
  SELECT FROM documents
  WHERE documents.site_id = %(site_id)s AND documents.post_id = chunks.post_id AND {readable}
)
ORDER BY embedding::halfvec({dimensions}) <=> %(embedding)s LIMIT %(near)s
"""
STORED_SINCE = """
SELECT post_id, position FROM chunks
WHERE site_id = %(site_id)s AND post_id IN (
  SELECT post_id FROM documents WHERE site_id = %(site_id)s AND stored_at > %(postings_at)s
)
"""


def find(
    connection: Conn, values: dict[str, Any], readable: str, facts: SiteFacts, vector: SparseVector
) -> dict[str, list[int]] | None:
    """The posts and positions of the candidates; None where so little may be read that reading all of it is better.

    values: those of a search. readable: the condition for documents that may be read.
    """
    pool = values["pool"]
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        found = _by_words(
            cursor, values, readable, postings.best(connection, values["site_id"], vector, LOOKED_AT[-1] + 1)
        )
        if found is None:
            return None
        by_words, readable_share = found
        near = NEAR.format(dimensions=values["embedding"].dimensions(), readable=readable)
        limit = pool
        if readable_share < MOST:
            limit = LOOSE * pool
            connection.execute(LOOK_FURTHER)
        by_meaning = cursor.execute(near, values | {"near": limit}).fetchall()
        if len(by_meaning) < limit:
            return None
        since = cursor.execute(STORED_SINCE, values | {"postings_at": facts.postings_at}).fetchall()
    places = [*by_words, *by_meaning, *since]
    return {"posts": [post_id for post_id, _ in places], "positions": [position for _, position in places]}


def _by_words(
    cursor: Cursor[tuple[Any, ...]], values: dict[str, Any], readable: str, best: Sequence[Place]
) -> tuple[list[Place], float] | None:
    """The best that may be read, and the share of their posts that may be; None where these are too few."""
    for looked_at in LOOKED_AT:
        places = best[:looked_at]
        post_ids = {post_id for post_id, _ in places}
        statement = READABLE_POSTS.format(readable=readable)
        open_posts = {post_id for (post_id,) in cursor.execute(statement, values | {"post_ids": list(post_ids)})}
        may_be_read = [place for place in places if place[0] in open_posts][: values["pool"]]
        if len(may_be_read) == values["pool"] or len(best) <= looked_at:
            return may_be_read, len(open_posts) / (len(post_ids) or 1)
    return None
