"""Status: what of a site is indexed, what waits, what failed and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request

from rag_ask import auth, usage
from rag_ask.database import Conn
from rag_ask.services import services

MAX_PROBLEMS = 50
STATES = ("pending", "indexed", "skipped", "failed", "deleted")

blueprint = Blueprint("status", __name__)


@blueprint.get("/v1/status")
def show() -> dict[str, Any]:
    """The status of the site that signed the request (over the hash of the empty body)."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    with services().database.tenant(site.site_id) as connection:
        return of_site(connection, site.site_id, services().embedder.name)


def of_site(connection: Conn, site_id: str, embedder: str) -> dict[str, Any]:
    """The message `tests/contract/status-response.json`."""
    counts = connection.execute(
        "SELECT state, count(*), min(pushed_at) AS oldest, max(indexed_at) AS newest "
        "FROM documents WHERE site_id = %s GROUP BY state",
        (site_id,),
    ).fetchall()
    by_state = {row["state"]: row for row in counts}
    problems = connection.execute(
        "SELECT post_id AS id, title, url, state, code, message, attempts, "
        "CASE WHEN state = 'pending' THEN next_attempt_at END AS next_attempt_at "
        "FROM documents WHERE site_id = %s AND code <> '' ORDER BY state, post_id LIMIT %s",
        (site_id, MAX_PROBLEMS),
    ).fetchall()
    chunks = connection.execute("SELECT chunk_count FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    return {
        "site_id": site_id,
        "documents": {state: by_state[state]["count"] if state in by_state else 0 for state in STATES},
        "chunks": chunks["chunk_count"] if chunks else 0,
        "oldest_pending_at": _rfc3339(by_state["pending"]["oldest"]) if "pending" in by_state else None,
        "last_indexed_at": _rfc3339(max((r["newest"] for r in counts if r["newest"]), default=None)),
        "embedder": embedder,
        "budget": usage.budget(connection, site_id),
        "problems": [row | {"next_attempt_at": _rfc3339(row["next_attempt_at"])} for row in problems],
    }


def _rfc3339(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
