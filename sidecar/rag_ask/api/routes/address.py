"""Address: a site that moved takes its index along."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, request

from rag_ask import messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import addresses
from rag_ask.errors import BadRequest
from rag_ask.messages import Address

log = structlog.get_logger(__name__)

blueprint = Blueprint("address", __name__)


@blueprint.post("/v1/address")
def move() -> dict[str, Any]:
    """Bind the index to the address of this request. What comes from the old one is refused from now on."""
    site, urls = auth.verify_at_any_address(request, services().database, services().settings.secret)
    url = messages.parse_body(request, Address).url
    if not urls or addresses.address_of(url) != addresses.address_of(urls[0]):
        raise BadRequest("invalid_request", "url: it is not the first URL of the token. Send the request again.")
    with services().database.tenant(site.site_id) as connection:
        address = addresses.move(connection, site, urls)
    log.warning("address", before=site.address, now=address)
    return {"site_id": site.site_id, "address": address}
