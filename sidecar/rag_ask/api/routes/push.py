"""Push: a signed request -> trusted changes -> rows, acknowledged only after they are committed."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, request

from rag_ask import messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import incarnation, sites
from rag_ask.errors import BadRequest
from rag_ask.indexing import documents
from rag_ask.indexing.quota import Room, quota_of
from rag_ask.messages import Delete, Push, Upsert

log = structlog.get_logger(__name__)

blueprint = Blueprint("push", __name__)


@blueprint.post("/v1/push")
def push() -> tuple[dict[str, Any], int]:
    """202 and one result per change, in the order of the changes."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    if site.fed_by:
        raise BadRequest(
            "fed_otherwise",
            f"rag-ask {site.fed_by} writes the documents of {site.site_id}. Connect the plugin to a site of its own: "
            "rag-ask sites add",
            409,
        )
    changes = messages.parse_body(request, Push).changes
    checked = [_checked(change) for change in changes]
    with services().database.tenant(site.site_id) as connection:
        # Taken before any row, as the indexer does, so that the two cannot wait for each other.
        sites.hold_for_writing(connection, site.site_id)
        auth.refuse_purged(connection, site)
        room = Room(connection, site.site_id, quota_of(services().settings))
        results = [
            change if isinstance(change, dict) else documents.apply(connection, site.site_id, change, room)
            for change in checked
        ]
        index = incarnation.count_push(connection, site.site_id)
    log.info("push", changes=len(results))
    return {"results": results} | index, 202


def _checked(change: dict[str, Any]) -> Upsert | Delete | dict[str, Any]:
    """The change, or the result that says why it was rejected."""
    try:
        if change.get("op") == "delete":
            return messages.parse(change, Delete)
        return messages.parse(change, Upsert)
    except BadRequest as error:
        inner = change.get("document")
        named = inner if isinstance(inner, dict) else change
        return {
            "id": named.get("id"),
            "version": named.get("version"),
            "result": "rejected",
            "code": "unknown_field" if error.code == "unknown_field" else "invalid_document",
            "message": f"{error.message} Correct the document and push it again.",
        }
