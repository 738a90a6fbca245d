"""Migrate: apply the numbered SQL files that a database lacks (yoyo records them), then who may do what."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import structlog
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected, LockNotAvailable
from yoyo import get_backend, read_migrations

from rag_ask.db import access, locks, roles
from rag_ask.db.database import Conn
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
# Whoever comes after one that waits for a lock waits too. So a migration gives up soon and tries again: before Postgres
# looks for deadlocks (after 1 s), which could end a push in its place.
LOCK_TIMEOUT_MS = 500
PAUSE_S = 2.0
# As long as a backup of a large database may hold its tables.
PATIENCE_S = 3600.0


def migrate(settings: Settings, patience_s: float = PATIENCE_S) -> list[str]:
    """Bring tables and roles up to date and return the ids of what was applied. Safe to run twice, or twice at once.

    What runs goes on meanwhile. patience_s: for how long others may hold a table that is to be changed.
    Raises RagAskError when the user of the database's URL cannot log in, may not make roles, or a table stays held.
    """
    url = settings.database_url
    if reason := roles.why_not(url):
        raise RagAskError(
            "database_unavailable",
            503,
            f"RAG_ASK_DATABASE_URL: its user cannot log in ({reason}). To migrate, give the user and password of the "
            "database's owner.",
        )
    with psycopg.connect(url, autocommit=True) as owner:
        # yoyo's own lock would outlive a process that is killed.
        locks.hold_migrations(owner)
        owner.execute(f"SET lock_timeout = {LOCK_TIMEOUT_MS}")
        done: list[str] = []
        deadline = time.monotonic() + patience_s
        while True:
            try:
                for name in _apply(url, owner):
                    done.append(name)
                access.grant(owner, settings)
                return done
            except (LockNotAvailable, DeadlockDetected) as error:
                if time.monotonic() > deadline:
                    raise _held() from error
                log.warning("migrate.waits", reason=str(error))
            time.sleep(PAUSE_S)


def _apply(url: str, owner: Connection[Any]) -> Iterator[str]:
    """Apply what is missing, one transaction each. Yields the ids. Raises LockNotAvailable, DeadlockDetected."""
    with _backend(url) as backend:
        missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
        if missing:
            access.release(owner)
        for migration in missing:
            backend.apply_one(migration)
            yield migration.id


def _held() -> RagAskError:
    return RagAskError(
        "table_held",
        503,
        "Somebody else's transaction holds a table that is to be changed: a backup, or a session that was left open "
        "(see pg_stat_activity). Nothing is half changed. Run rag-ask migrate again when it has ended.",
    )


def missing(connection: Conn) -> list[str]:
    """The ids of migrations that are still to be applied, as yoyo names them: a file's name without its ending."""
    row = connection.execute("SELECT to_regclass('_yoyo_migration') IS NOT NULL AS is_there").fetchone()
    done = applied(connection) if row and row["is_there"] else []
    return [path.stem for path in sorted(MIGRATIONS.glob("*.sql")) if path.stem not in done]


def applied(connection: Conn) -> list[str]:
    """The ids of the migrations that were applied, in order."""
    rows = connection.execute("SELECT migration_id FROM _yoyo_migration ORDER BY migration_id")
    return [row["migration_id"] for row in rows]


def _backend(database_url: str):  # type: ignore[no-untyped-def]
    # yoyo takes the driver from the scheme; plain "postgresql" would be psycopg2.
    # It knows a single host of an address, and any number as a parameter.
    parameters = conninfo_to_dict(database_url)
    name = parameters.pop("dbname")
    parameters["options"] = f"{parameters.get('options', '')} -c lock_timeout={LOCK_TIMEOUT_MS}".strip()
    return get_backend(f"postgresql+psycopg:///{name}?{urlencode(parameters)}")
