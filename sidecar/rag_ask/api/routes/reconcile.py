"""Reconcile: a page of published ids -> which are missing, stale or extra here."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, request

from rag_ask import fields, messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import incarnation, sites
from rag_ask.db.database import Conn
from rag_ask.errors import BadRequest
from rag_ask.indexing import documents
from rag_ask.messages import Reconcile

log = structlog.get_logger(__name__)

blueprint = Blueprint("reconcile", __name__)


@blueprint.post("/v1/reconcile")
def reconcile() -> dict[str, Any]:
    """Compare one page of ids. What is current is proven by it; the site pushes what differs."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    page = messages.parse_body(request, Reconcile)
    _check(page)
    with services().database.tenant(site.site_id) as connection:
        sites.hold_for_writing(connection, site.site_id)
        compared, confirmed = compare(connection, site.site_id, page)
        documents.confirm(connection, site.site_id, confirmed)
        incarnation.advance(connection, site.site_id, page.after, page.until)
        compared |= incarnation.of_site(connection, site.site_id)
    differing = {name: len(compared[name]) for name in ("missing", "stale", "extra", "failed")}
    log.info("reconcile", current=compared["current"], **differing)
    return compared


def compare(connection: Conn, site_id: str, page: Reconcile) -> tuple[dict[str, Any], list[int]]:
    """The message `tests/contract/reconcile-response.json` without the incarnation, and the ids that are as published.

    `version` is the row's: what a push must exceed. failed: what is as the site published it and could not be indexed;
    to push it again changes nothing.
    """
    rows = connection.execute(
        "SELECT post_id, version, hash, state, code FROM documents "
        "WHERE site_id = %s AND post_id > %s AND (%s::bigint IS NULL OR post_id <= %s) ORDER BY post_id",
        (site_id, page.after, page.until, page.until),
    ).fetchall()
    here = {row["post_id"]: row for row in rows}
    missing, stale, failed, current = [], [], [], []
    for known in page.documents:
        row = here.pop(known.id, None)
        found = {"id": known.id, "version": row["version"] if row else 0}
        if row is None or row["state"] == "deleted":
            missing.append(found)
        elif row["hash"] != known.hash or row["version"] < known.version:
            stale.append(found)
        elif row["state"] == "failed":
            failed.append(found | {"code": row["code"]})
        else:
            current.append(known.id)
    extra = [{"id": row["post_id"], "version": row["version"]} for row in here.values() if row["state"] != "deleted"]
    compared = {"current": len(current), "missing": missing, "stale": stale, "extra": extra, "failed": failed}
    return compared, [*current, *(found["id"] for found in failed)]


def _check(page: Reconcile) -> None:
    """Raises BadRequest when an id is outside the page, or named twice."""
    ids = [known.id for known in page.documents]
    last = fields.BIGINT_MAX if page.until is None else page.until
    if any(not page.after < post_id <= last for post_id in ids):
        raise BadRequest("invalid_request", "documents: an id is not in (after, until]. Send it with its own page.")
    if len(set(ids)) < len(ids):
        raise BadRequest("invalid_request", "documents: an id is named twice. Name each post once.")
