"""Postings of a large site: the terms of a question -> the chunks that are best by words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pgvector import SparseVector
from psycopg.rows import tuple_row

from rag_ask.db.database import Conn
from rag_ask.db.postings import PLACE
from rag_ask.retrieval.fuse import Place

READ = "SELECT dimension, places FROM postings WHERE site_id = %s AND dimension = ANY(%s)"


def best(connection: Conn, site_id: str, vector: SparseVector, limit: int) -> list[Place]:
    """The best chunks, best first, as they were when the postings were written."""
    with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
        rows = cursor.execute(READ, (site_id, vector.indices())).fetchall()
    if not rows:
        return []
    idf = dict(zip(vector.indices(), vector.values(), strict=True))
    held = [np.frombuffer(places, PLACE) for _, places in rows]
    weights = [idf[dimension] * places["weight"] for (dimension, _), places in zip(rows, held, strict=True)]
    return _best(np.concatenate(held), np.concatenate(weights), limit)


def _best(places: NDArray[np.void], weights: NDArray[np.float32], limit: int) -> list[Place]:
    posts, post_numbers = np.unique(places["post_id"], return_inverse=True)
    width = int(places["position"].max()) + 1
    chunks, numbers = np.unique(post_numbers * width + places["position"], return_inverse=True)
    order = np.argsort(-np.bincount(numbers, weights), kind="stable")[:limit]
    return list(zip(posts[chunks[order] // width].tolist(), (chunks[order] % width).tolist(), strict=True))
