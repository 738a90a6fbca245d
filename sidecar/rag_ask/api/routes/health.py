"""Liveness and readiness."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint

from rag_ask.api.services import services
from rag_ask.db import migrate, roles
from rag_ask.db.connections import MIN_PGVECTOR, Conn, pgvector_version
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError

log = structlog.get_logger(__name__)

DISK_FULL_S = 60.0
DISK_FULL = (
    "The database's disk is full: questions are answered without being counted, and no post is indexed. "
    "Make room, or give the database a larger disk."
)
OTHER_KEY = (
    "RAG_ASK_SECRET is another one than when the database was migrated, so no site's key fits. Set that one again. "
    "Or run rag-ask migrate and, for each site, rag-ask sites rotate-key."
)

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> dict[str, str]:
    """200 while the process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """200 when questions can be answered, 503 with the problems when not. Warnings do not stop the answers."""
    shared = services()
    try:
        problems = database_problems(shared.database)
    except RagAskError as error:
        problems = [f"{error.message} rag-ask check says why."]
    disk = DISK_FULL if shared.database.was_full_within(DISK_FULL_S) else ""
    warnings = [warning for warning in (shared.limits.problem(), disk) if warning]
    for line in (*problems, *warnings):
        log.warning("readyz", reason=line)
    body = {"status": "unready" if problems else "ready", "problems": problems, "warnings": warnings}
    return body, 503 if problems else 200


def database_problems(database: Database) -> list[str]:
    """What keeps this database from serving, one line each with the remedy. Raises DatabaseUnavailable."""
    with database.system() as connection:
        if problems := _table_problems(connection):
            return problems
        powerful = [roles.problem(connection, connection.info.user, is_tenant=False)]
    # For no site: it reads no table.
    with database.tenant("") as connection:
        row = connection.execute("SELECT proven_site() IS NULL AS is_other").fetchone()
        if row and row["is_other"]:
            return [OTHER_KEY]
        powerful.append(roles.problem(connection, connection.info.user, is_tenant=True))
    return [problem for problem in powerful if problem]


def _table_problems(connection: Conn) -> list[str]:
    version = pgvector_version(connection)
    if not version:
        return ["The database has no tables yet. Run: rag-ask migrate"]
    if version < MIN_PGVECTOR:
        found, needed = ".".join(map(str, version)), ".".join(map(str, MIN_PGVECTOR))
        return [f"pgvector {found} damages indexes under vacuum. Install {needed} or newer, then ALTER EXTENSION."]
    if missing := migrate.missing(connection):
        return [f"The tables are of an older version: {', '.join(missing)} not applied. Run: rag-ask migrate"]
    return []
