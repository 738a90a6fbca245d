"""Postings: of a large site, term -> the chunks that hold it. Written anew when enough of the site has changed.

Like the segments of a search engine they are never changed: what was stored since is searched in the chunks.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import structlog
from pgvector import SparseVector
from psycopg.rows import tuple_row

from rag_ask.db import locks
from rag_ask.db.database import Conn, Database
from rag_ask.db.generation import raise_generation
from rag_ask.db.postings import PLACE

log = structlog.get_logger(__name__)

# From so many chunks on, reading all of them for a question takes longer than this detour.
LARGE_SITE = 10_000
SEGMENT_CHUNKS = 10_000
# The share of the documents that may have been stored since.
CHANGED = 0.05
# No transaction that stores a document is older: what it stores may not be visible yet.
LONGEST_STORE = "5 minutes"

STATE = """
SELECT chunk_count, postings_at, (SELECT count(*) FROM documents WHERE site_id = %(site_id)s) AS document_count, (
    SELECT count(*) FROM documents WHERE site_id = %(site_id)s AND stored_at > postings_at
  ) AS changed_count
FROM sites WHERE site_id = %(site_id)s
"""
# Row-level security allows no COPY.
INSERT = (
    "INSERT INTO postings (site_id, segment, dimension, places) SELECT %s, %s, * FROM unnest(%b::int[], %b::bytea[])"
)
INSERTED = 5000
DELETE = "DELETE FROM postings WHERE site_id = %s"
CHUNKS = """
SELECT post_id, position, lexical FROM chunks WHERE site_id = %s AND (post_id, position) > (%s, %s)
ORDER BY post_id, position LIMIT %s
"""


def sites_to_look_at(connection: Conn) -> list[str]:
    """Sites that are large, or were. Needs a system transaction."""
    rows = connection.execute(
        "SELECT site_id FROM sites WHERE chunk_count >= %s OR postings_at IS NOT NULL ORDER BY site_id", (LARGE_SITE,)
    ).fetchall()
    return [row["site_id"] for row in rows]


def refresh(database: Database, site_id: str) -> bool:
    """Write the postings of a site when they are due, and delete those of one that has become small.

    Returns whether they were written.
    """
    with database.tenant(site_id) as connection:
        if not locks.try_postings(connection, site_id):
            return False
        state = connection.execute(STATE, {"site_id": site_id}).fetchone()
        if state is None:
            return False
        if state["chunk_count"] < LARGE_SITE:
            if state["postings_at"]:
                connection.execute(DELETE, (site_id,))
                connection.execute("UPDATE sites SET postings_at = NULL WHERE site_id = %s", (site_id,))
                raise_generation(connection, site_id)
            return False
        if state["postings_at"] and state["changed_count"] <= CHANGED * state["document_count"]:
            return False
        _write(connection, site_id)
        return True


def _write(connection: Conn, site_id: str) -> None:
    """All in the caller's transaction: questions read the postings before until it ends."""
    started = time.monotonic()
    connection.execute(DELETE, (site_id,))
    chunk_count = 0
    for segment, rows in enumerate(_segments(connection, site_id)):
        chunk_count += len(rows)
        held = list(by_dimension(rows))
        for start in range(0, len(held), INSERTED):
            dimensions, places = zip(*held[start : start + INSERTED], strict=True)
            connection.execute(INSERT, (site_id, segment, list(dimensions), list(places)))
    # Last, because whoever stores a document waits for this row.
    connection.execute(
        f"UPDATE sites SET postings_at = now() - interval '{LONGEST_STORE}' WHERE site_id = %s", (site_id,)
    )
    raise_generation(connection, site_id)
    seconds = time.monotonic() - started
    log.info("postings.written", site=site_id, chunks=chunk_count, seconds=round(seconds, 1))


def _segments(connection: Conn, site_id: str) -> Iterator[list[tuple[int, int, SparseVector]]]:
    last = (0, -1)
    # A sparse vector as text takes ten times as long to read.
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        while found := cursor.execute(CHUNKS, (site_id, *last, SEGMENT_CHUNKS)).fetchall():
            yield found
            last = found[-1][:2]


def by_dimension(chunks: Iterable[tuple[int, int, SparseVector]]) -> Iterator[tuple[int, bytes]]:
    """Chunks (post_id, position, vector) -> each dimension with its places, the bytes of an array of PLACE."""
    dimensions, posts, positions, weights = [], [], [], []
    for post_id, position, vector in chunks:
        held = vector.indices()
        dimensions.append(np.asarray(held, np.int64))
        weights.append(np.asarray(vector.values(), np.float32))
        posts.append(np.full(len(held), post_id, np.int64))
        positions.append(np.full(len(held), position, np.int32))
    if not dimensions:
        return
    keys = np.concatenate(dimensions)
    order = np.argsort(keys, kind="stable")
    places = np.empty(len(keys), PLACE)
    for name, column in (("post_id", posts), ("position", positions), ("weight", weights)):
        places[name] = np.concatenate(column)[order]
    found, starts = np.unique(keys[order], return_index=True)
    packed = places.tobytes()
    bounds = [*(starts * PLACE.itemsize).tolist(), len(packed)]
    for dimension, (start, end) in zip(found.tolist(), pairwise(bounds), strict=True):
        yield dimension, packed[start:end]
