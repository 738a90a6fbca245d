"""Outside token: the ask token of a visitor whose page no WordPress vouches for."""

from __future__ import annotations

import re
import time

import jwt
from flask import Request

from rag_ask.api import auth, client_address
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.errors import BadRequest, Unauthorized
from rag_ask.tenant import Site, Visitor

LIFETIME_S = auth.MAX_LIFETIME_S[auth.ASK]
LANGUAGE = re.compile(r"[A-Za-z0-9_-]{0,35}")


def verify_page(request: Request, database: Database) -> tuple[Site, str]:
    """The site that a page asks, and the site's current key.

    Raises Unauthorized unless the site allows pages outside WordPress, and this one is of a registered origin.
    """
    with database.system() as connection:
        found = sites.with_key(connection, request.args.get("site", ""))
    if found is None or not found[0].outside_pages:
        # The same for a site that there is not: nobody learns which there are.
        raise Unauthorized(
            "outside_pages_off",
            "There is no such site, or it does not answer pages outside WordPress: rag-ask sites outside SITE on",
            403,
        )
    auth.check_origin(request.headers.get("Origin", ""), database, found[0])
    return found


def guest(request: Request, site: Site, secret: bytes) -> Visitor:
    """Who asks: a pseudonym of the address, who may read what everybody may. Raises BadRequest."""
    language = request.args.get("language", "")
    if not LANGUAGE.fullmatch(language):
        raise BadRequest("invalid_request", "language: send a tag such as de-AT, or nothing.")
    subject, network = client_address.pseudonyms(secret, request.remote_addr)
    return Visitor(site, subject, ("public",), language, network=network)


def sign(secret: bytes, kid: str, visitor: Visitor) -> str:
    """The token, as WordPress signs it (tests/contract/ask-token.json)."""
    now = int(time.time())
    claims = {
        "iss": visitor.site.site_id,
        "aud": auth.ASK,
        "iat": now,
        "exp": now + LIFETIME_S,
        "sub": visitor.subject,
        "groups": list(visitor.groups),
        "lang": visitor.language,
        "net": visitor.network,
    }
    return jwt.encode(claims, sites.key(secret, visitor.site.site_id, kid), "HS256", headers={"kid": kid})
