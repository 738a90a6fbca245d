"""Status: what of a site is indexed, what waits, what failed and why."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from flask import Blueprint, request

from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import incarnation, refused_origins
from rag_ask.db.active_embedder import active_name
from rag_ask.db.database import Conn
from rag_ask.errors import BadRequest
from rag_ask.indexing import store
from rag_ask.indexing.chunk import Chunk
from rag_ask.providers import usage
from rag_ask.providers.embedders import Embedders
from rag_ask.text.timestamps import rfc3339

MAX_PROBLEMS = 50
MAX_TEXT_CHARACTERS = 200_000
STATES = ("pending", "indexed", "skipped", "failed", "deleted")

blueprint = Blueprint("status", __name__)


@blueprint.get("/v1/status")
def get_status() -> dict[str, Any]:
    """The status of the site that signed the request (over the hash of the empty body)."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    with services().database.tenant(site.site_id) as connection:
        return of_site(connection, site.site_id, services().embedders)


@blueprint.get("/v1/documents/<int(max=9223372036854775807):post_id>")
def document(post_id: int) -> dict[str, Any]:
    """One document as it is answered from (the token is over the hash of the empty body)."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    with services().database.tenant(site.site_id) as connection:
        return of_document(connection, site.site_id, post_id)


def of_site(connection: Conn, site_id: str, models: Embedders) -> dict[str, Any]:
    """The message `tests/contract/status-response.json`."""
    counts = connection.execute(
        "SELECT state, count(*), min(pushed_at) AS oldest, max(indexed_at) AS newest, "
        "extract(epoch FROM now() - min(pushed_at))::int AS age_s "
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
    embedder = active_name(connection) or models.own.name
    site = connection.execute("SELECT chunk_count, address FROM sites WHERE site_id = %s", (site_id,)).fetchone() or {}
    return {
        "site_id": site_id,
        "address": site.get("address", ""),
        **incarnation.of_site(connection, site_id),
        "unproven": incarnation.count_unproven(connection, site_id),
        "documents": {state: by_state[state]["count"] if state in by_state else 0 for state in STATES},
        "chunks": site.get("chunk_count", 0),
        "oldest_pending_at": rfc3339(by_state["pending"]["oldest"]) if "pending" in by_state else None,
        "last_indexed_at": rfc3339(max((r["newest"] for r in counts if r["newest"]), default=None)),
        "lag_s": max(0, by_state["pending"]["age_s"]) if "pending" in by_state else 0,
        "embedder": embedder,
        "embedding_price_usd": models.price_usd(embedder),
        "reembedding": _reembedding(connection, site_id),
        "newer_embedder": models.newer(embedder),
        "budget": usage.budget(connection, site_id),
        "refused_origins": refused_origins.lately(connection, site_id),
        "problems": [row | {"next_attempt_at": rfc3339(row["next_attempt_at"])} for row in problems],
    }


def _reembedding(connection: Conn, site_id: str) -> dict[str, Any] | None:
    """How many of the site's chunks have a vector of the next embedder; None when there is no next one."""
    return connection.execute(
        "SELECT next_embedder AS embedder, count(staged.hash) AS done, count(chunks.hash) AS total "
        "FROM active_embedder LEFT JOIN chunks ON chunks.site_id = %s "
        "LEFT JOIN staged_embeddings AS staged ON staged.site_id = chunks.site_id AND staged.hash = chunks.hash "
        "AND staged.embedder = next_embedder WHERE next_embedder IS NOT NULL GROUP BY next_embedder",
        (site_id,),
    ).fetchone()


def of_document(connection: Conn, site_id: str, post_id: int) -> dict[str, Any]:
    """The message `tests/contract/document-response.json`; `text` is what is indexed at this moment.

    Raises BadRequest (404) when the site has not pushed the post, or has withdrawn it.
    """
    row = connection.execute(
        "SELECT version, state, code, message, pushed_at, indexed_at, groups FROM documents "
        "WHERE site_id = %s AND post_id = %s AND state <> 'deleted'",
        (site_id, post_id),
    ).fetchone()
    if row is None:
        raise BadRequest("document_unknown", f"Post {post_id} is not here. Publish it, or push it again.", 404)
    chunks = store.of_document(connection, site_id, post_id)
    moments = {name: rfc3339(row[name]) for name in ("pushed_at", "indexed_at")}
    message = row["message"] if row["code"] else ""
    return {"id": post_id} | row | moments | {"message": message, "chunks": len(chunks), "text": text_of(chunks)}


def text_of(chunks: Iterable[Chunk]) -> str:
    """The chunks under their headings, each heading once."""
    lines: list[str] = []
    path: tuple[str, ...] = ()
    for chunk in chunks:
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path, chunk.heading_path, strict=False)))
        path = chunk.heading_path
        lines += [*path[shared:], chunk.text]
    text = "\n".join(lines)
    return text if len(text) <= MAX_TEXT_CHARACTERS else text[:MAX_TEXT_CHARACTERS] + "…"
