"""Liveness and readiness."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from rag_ask.api.services import services
from rag_ask.db.database import MIN_PGVECTOR, Conn, pgvector_version
from rag_ask.errors import RagAskError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> dict[str, str]:
    """200 while the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """200 when questions can be answered, 503 with the problems when not."""
    try:
        with services().database.system() as connection:
            problems = database_problems(connection)
    except RagAskError as error:
        problems = [error.message]
    return {"status": "unready" if problems else "ready", "problems": problems}, 503 if problems else 200


def database_problems(connection: Conn) -> list[str]:
    """What keeps this database from serving, one line each with the remedy."""
    version = pgvector_version(connection)
    if not version:
        return ["The database has no tables yet. Run: rag-ask migrate"]
    if version < MIN_PGVECTOR:
        found, needed = ".".join(map(str, version)), ".".join(map(str, MIN_PGVECTOR))
        return [f"pgvector {found} damages indexes under vacuum. Install {needed} or newer, then ALTER EXTENSION."]
    row = connection.execute("SELECT to_regclass('active_embedder') IS NOT NULL AS migrated").fetchone()
    return [] if row and row["migrated"] else ["The tables are of an older version. Run: rag-ask migrate"]
