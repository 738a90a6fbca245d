"""Advisory locks of the database: their names, and the order in which they are taken.

Order: embedder, then site, then rows. A transaction that takes them in another order can deadlock.
"""

from __future__ import annotations

import time
from typing import Any

from psycopg import Connection

from rag_ask.db.database import Conn

EMBEDDER = "rag_ask.embedder"
REEMBED = "rag_ask.indexing.reembed"
SITE = "rag_ask.store:"
HOUSEKEEPING = "rag_ask.tidy:"
POSTINGS = "rag_ask.postings:"
MIGRATIONS = "rag_ask.migrations"
MIGRATIONS_PAUSE_S = 0.2


def hold_migrations(owner: Connection[Any]) -> None:
    """One process that changes tables at a time, until its connection ends.

    Asks again and again: a statement that waits keeps CREATE INDEX CONCURRENTLY of the one before it waiting for ever.
    """
    wanted = "SELECT FROM pg_try_advisory_lock(hashtextextended(%s, 0)) AS is_ours WHERE is_ours"
    while owner.execute(wanted, (MIGRATIONS,)).fetchone() is None:
        time.sleep(MIGRATIONS_PAUSE_S)


def hold_site(connection: Conn, site_id: str) -> None:
    """One writer of a site's chunks and counts at a time, and no change of the embedder, until the transaction ends."""
    # Two statements: within one, Postgres may take the locks in any order.
    connection.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", (EMBEDDER,))
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (SITE + site_id,))


def hold_embedder(connection: Conn) -> None:
    """No writer of chunks, of any site, until the transaction ends: the active embedder may change."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (EMBEDDER,))


def try_reembed(connection: Conn) -> bool:
    """Is this the one process that re-embeds, until the transaction ends?"""
    return _try(connection, REEMBED)


def try_housekeeping(connection: Conn, site_id: str) -> bool:
    """Is this the one process that deletes a site's expired rows, until the transaction ends?"""
    return _try(connection, HOUSEKEEPING + site_id)


def try_postings(connection: Conn, site_id: str) -> bool:
    """Is this the one process that writes a site's postings, until the transaction ends?"""
    return _try(connection, POSTINGS + site_id)


def _try(connection: Conn, name: str) -> bool:
    row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0)) AS is_ours", (name,)).fetchone()
    return row is not None and row["is_ours"]
