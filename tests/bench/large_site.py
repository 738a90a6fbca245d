"""What a large site's own index and postings cost: seconds, megabytes, and time more for storing a post."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import psycopg

from rag_ask.db import vector_indexes
from rag_ask.db.database import Database
from rag_ask.indexing import postings
from rag_ask.settings import Settings

SIZES = """
SELECT pg_total_relation_size('postings') / 1e6,
  coalesce((SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname LIKE 'chunks#_near#_%' ESCAPE '#'), 0) / 1e6
"""
# A post of ten chunks is stored anew, and nothing of it kept.
STORE = "UPDATE chunks SET embedding = embedding WHERE site_id = %s AND post_id = %s"


def build(settings: Settings, database: Database, owner: psycopg.Connection, site_id: str) -> dict[str, float]:
    """Make both, as the worker and `rag-ask indexes` do."""
    before, stored_before = sizes(owner), store_ms(owner, site_id)
    written_s = seconds(lambda: postings.refresh(database, site_id))
    with database.system() as connection:
        wanted = vector_indexes.wanted(connection, postings.LARGE_SITE)
    indexed_s = seconds(lambda: list(vector_indexes.refresh(settings, wanted)))
    owner.execute("VACUUM ANALYZE postings")
    after, stored_after = sizes(owner), store_ms(owner, site_id)
    return {
        "postings s": written_s,
        "postings MB": after[0] - before[0],
        "index s": indexed_s,
        "index MB": after[1] - before[1],
        "store ms more": stored_after - stored_before,
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
