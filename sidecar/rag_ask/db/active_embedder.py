"""The active embedder: whose vectors the database holds, whatever the settings say."""

from __future__ import annotations

from rag_ask.db import locks
from rag_ask.db.database import Conn
from rag_ask.errors import EmbedderMismatch


def active_name(connection: Conn) -> str | None:
    """The name of the active embedder; None before anything was indexed."""
    row = connection.execute("SELECT embedder FROM active_embedder").fetchone()
    return row["embedder"] if row else None


def has_table(connection: Conn) -> bool:
    """Whether the database is migrated."""
    found = connection.execute("SELECT to_regclass('active_embedder') IS NOT NULL AS is_migrated").fetchone()
    return bool(found and found["is_migrated"])


def of_texts(connection: Conn) -> str | None:
    """The name of the embedder of the stored texts; None where there are none, or no tables."""
    if not has_table(connection):
        return None
    row = connection.execute("SELECT embedder FROM active_embedder WHERE EXISTS (SELECT FROM chunks)").fetchone()
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
