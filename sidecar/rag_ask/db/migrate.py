"""Migrate: apply the numbered SQL files that a database lacks (yoyo records them), then who may do what."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from yoyo import get_backend, read_migrations

from rag_ask.db import access, roles
from rag_ask.db.database import Conn
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(settings: Settings) -> list[str]:
    """Bring tables and roles up to date and return the ids of what was applied. Safe to run twice, or twice at once.

    Raises RagAskError when the user of the database's URL cannot log in, or may not make roles.
    """
    url = settings.database_url
    if reason := roles.why_not(url):
        raise RagAskError(
            "database_unavailable",
            503,
            f"RAG_ASK_DATABASE_URL: its user cannot log in ({reason}). To migrate, give the user and password of the "
            "database's owner.",
        )
    with _backend(url) as backend, backend.lock(), psycopg.connect(url, autocommit=True) as owner:
        missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
        if missing:
            access.release(owner)
        backend.apply_migrations(missing)
        access.grant(owner, settings)
        return [migration.id for migration in missing]


def missing(connection: Conn) -> list[str]:
    """The ids of migrations that are still to be applied, as yoyo names them: a file's name without its ending."""
    row = connection.execute("SELECT to_regclass('_yoyo_migration') IS NOT NULL AS is_there").fetchone()
    applied = set()
    if row and row["is_there"]:
        applied = {row["migration_id"] for row in connection.execute("SELECT migration_id FROM _yoyo_migration")}
    return [path.stem for path in sorted(MIGRATIONS.glob("*.sql")) if path.stem not in applied]


def _backend(database_url: str):  # type: ignore[no-untyped-def]
    # yoyo takes the driver from the scheme; plain "postgresql" would be psycopg2.
    # It knows a single host of an address, and any number as a parameter.
    parameters = conninfo_to_dict(database_url)
    name = parameters.pop("dbname")
    return get_backend(f"postgresql+psycopg:///{name}?{urlencode(parameters)}")
