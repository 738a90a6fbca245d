"""Purge: delete everything that a site pushed."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, request

from rag_ask import messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import sites
from rag_ask.errors import BadRequest
from rag_ask.messages import Purge

TIMEOUT_S = 120

log = structlog.get_logger(__name__)

blueprint = Blueprint("purge", __name__)


@blueprint.delete("/v1/site")
def purge() -> dict[str, Any]:
    """Delete documents, tombstones and chunks of the site that signed the request, and name how many documents."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    named = messages.parse_body(request, Purge).site_id
    if named != site.site_id:
        raise BadRequest("site_mismatch", f"The token speaks for {site.site_id}. Name that site in the body.", 409)
    with services().database.tenant(site.site_id) as connection:
        connection.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_S}s'")
        documents = sites.purge(connection, site.site_id)
    services().cache.drop(site.site_id)
    log.info("purge", documents=documents)
    return {"site_id": site.site_id, "documents": documents}
