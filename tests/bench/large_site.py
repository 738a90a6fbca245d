"""What the indexes and postings of large sites cost: seconds, megabytes, and time more for storing a post."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

import psycopg
from searched_site import World

from rag_ask.db import vector_indexes
from rag_ask.indexing import postings

SIZES = """
SELECT pg_total_relation_size('postings') / 1e6,
  coalesce((SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname LIKE 'chunks#_near#_%' ESCAPE '#'), 0) / 1e6
"""
# A post of ten chunks is stored anew, and nothing of it kept.
STORE = "UPDATE chunks SET embedding = embedding WHERE site_id = %s AND post_id = %s"


Cost = dict[str, tuple[float, str]]


def build(world: World, site_ids: Sequence[str]) -> Cost:
    """Make both for these sites, as the worker and `rag-ask indexes` do: what -> how much, in which unit.

    A post is stored in the first of them.
    """
    owner, database = world.owner, world.database
    before, stored_before = sizes(owner), store_ms(owner, site_ids[0])
    written_s = seconds(lambda: [postings.refresh(database, site_id) for site_id in site_ids])
    with database.system() as connection:
        wanted = vector_indexes.wanted(connection, postings.LARGE_SITE)
    indexed_s = seconds(lambda: list(vector_indexes.refresh(world.settings, wanted)))
    owner.execute("VACUUM ANALYZE postings")
    after, stored_after = sizes(owner), store_ms(owner, site_ids[0])
    return {
        "writing postings": (written_s, "s"),
        "postings": (after[0] - before[0], "MB"),
        "building indexes": (indexed_s, "s"),
        "indexes": (after[1] - before[1], "MB"),
        "storing a post of ten chunks, more": (stored_after - stored_before, "ms"),
    }


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def sizes(owner: psycopg.Connection) -> tuple[float, float]:
    (found,) = owner.execute(SIZES).fetchall()
    return float(found[0]), float(found[1])


def store_ms(owner: psycopg.Connection, site_id: str) -> float:
    def store(post_id: int) -> None:
        with owner.transaction(force_rollback=True):
            owner.execute(STORE, (site_id, post_id))

    return median(1000 * seconds(lambda post_id=post_id: store(post_id)) for post_id in range(1, 21))
