"""Migrate: apply the numbered SQL files that a database lacks (yoyo records them)."""

from __future__ import annotations

from pathlib import Path

from yoyo import get_backend, read_migrations

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database_url: str) -> list[str]:
    """Bring the database up to date and return the ids of what was applied. Safe to run twice, or twice at once."""
    with _backend(database_url) as backend, backend.lock():
        missing = backend.to_apply(read_migrations(str(MIGRATIONS)))
        backend.apply_migrations(missing)
        return [migration.id for migration in missing]


def missing(database_url: str) -> list[str]:
    """The ids of migrations that are still to be applied."""
    with _backend(database_url) as backend:
        return [migration.id for migration in backend.to_apply(read_migrations(str(MIGRATIONS)))]


def _backend(database_url: str):  # type: ignore[no-untyped-def]
    # yoyo takes the driver from the scheme; plain "postgresql" would be psycopg2.
    return get_backend("postgresql+psycopg:" + database_url.split(":", 1)[1])
