"""The active embedder: whose vectors the database holds, whatever the settings say."""

from __future__ import annotations

import logging

from rag_ask.db import locks
from rag_ask.db.database import Conn, Database
from rag_ask.errors import DatabaseUnavailable, EmbedderMismatch

log = logging.getLogger(__name__)


def active_name(connection: Conn) -> str | None:
    """The name of the active embedder; None before anything was indexed."""
    row = connection.execute("SELECT embedder FROM active_embedder").fetchone()
    return row["embedder"] if row else None


def choose(connection: Conn, name: str) -> None:
    """Make `name` the active embedder where no chunk is stored yet.

    Raises EmbedderMismatch when the chunks there are were embedded by another one. Needs a system transaction.
    """
    if active_name(connection) == name:
        return
    locks.hold_embedder(connection)
    connection.execute(
        "INSERT INTO active_embedder (embedder) VALUES (%s) ON CONFLICT (is_only) DO UPDATE "
        "SET embedder = excluded.embedder, next_embedder = NULL WHERE NOT EXISTS (SELECT FROM chunks)",
        (name,),
    )
    active = active_name(connection)
    if active != name:
        raise EmbedderMismatch(str(active), name)


def check_start(database: Database, name: str) -> None:
    """Raises EmbedderMismatch. A database that is away, or has no tables yet, is the business of the first request."""
    try:
        with database.system() as connection:
            found = connection.execute("SELECT to_regclass('active_embedder') IS NOT NULL AS is_migrated").fetchone()
            if found and found["is_migrated"]:
                choose(connection, name)
    except DatabaseUnavailable as error:
        log.warning("start: %s", error.message)
