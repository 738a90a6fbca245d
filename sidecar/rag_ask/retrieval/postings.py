"""Postings of a large site: the terms of a question -> the chunks that are best by words."""

from __future__ import annotations

from collections.abc import Sequence

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
    idf = dict(zip(vector.indices(), vector.values(), strict=True))
    return best_of([(idf[dimension], np.frombuffer(places, PLACE)) for dimension, places in rows], limit)


def best_of(held: Sequence[tuple[float, NDArray[np.void]]], limit: int) -> list[Place]:
    """The places with the highest sums of weights. held: the idf of a term and its places, in their order."""
    if not held:
        return []
    places = np.concatenate([places for _, places in held])
    keys = _keys(places["post_id"], places["position"].astype(np.int64))
    # Each term's places are in order, so a stable sort merges them.
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=-1))
    weights = np.concatenate([idf * places["weight"].astype(np.float64) for idf, places in held])
    best = _highest(np.add.reduceat(weights[order], first), limit)
    chosen = places[order[first[best]]]
    return list(zip(chosen["post_id"].tolist(), chosen["position"].tolist(), strict=True))


def _keys(posts: NDArray[np.int64], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each place, in the order of places. Post ids that are too large for it are counted instead."""
    width = int(positions.max()) + 1
    if int(posts.max()) >= np.iinfo(np.int64).max // width:
        posts = np.unique(posts, return_inverse=True)[1]
    return posts * width + positions


def _highest(sums: NDArray[np.float64], limit: int) -> NDArray[np.intp]:
    """Where the highest are, highest first; of equal ones the first. Only these are sorted."""
    lowest = np.partition(sums, -limit)[-limit] if len(sums) > limit else -np.inf
    kept = np.flatnonzero(sums >= lowest)
    return kept[np.argsort(-sums[kept], kind="stable")[:limit]]
