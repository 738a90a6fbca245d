"""Verify: a request's token -> the site and the visitor that it speaks for (RFC 8725 rules)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import time
from typing import Any

import jwt
import structlog
from flask import Request

from rag_ask import traces
from rag_ask.db import addresses, api_keys, incarnation, refused_origins, sites
from rag_ask.db.database import Conn, Database
from rag_ask.errors import BadRequest, DatabaseUnavailable, OtherAddress, SiteMoved, SiteMoving, Unauthorized
from rag_ask.fields import BIGINT_MAX, is_storable
from rag_ask.tenant import Site, Visitor

WRITE = "rag-ask:write"
ASK = "rag-ask:ask"
API_KEY_HEADER = "X-API-Key"
MOVED = "rag-ask:moved"
MAX_LIFETIME_S = {WRITE: 60, ASK: 300}
MOVED_LIFETIME_S = 300
LEEWAY_S = 30
MAX_URLS = 20
MAX_URL_CHARACTERS = 2_000
# A host name has at most 253.
MAX_ORIGIN_CHARACTERS = 300


def verify_write(request: Request, database: Database, secret: bytes) -> Site:
    """The site that signed this very body, at the address that its index belongs to.

    Raises Unauthorized, OtherAddress.
    """
    site, urls = verify_at_any_address(request, database, secret)
    if not urls:
        if site.address:
            raise OtherAddress(site.site_id, site.address, "a client that does not say where it is")
        return site
    try:
        with database.tenant(site.site_id) as connection:
            addresses.hold(connection, site, urls)
    except BadRequest as error:
        raise _invalid() from error
    return site


def verify_at_any_address(request: Request, database: Database, secret: bytes) -> tuple[Site, list[str]]:
    """The site that signed this very body, and the URLs that it is reached at, the main one first.

    A client without an address names none: it writes only where no WordPress does. Raises Unauthorized.
    """
    site, claims = _verify(request, database, secret, WRITE)
    # A push signed before the site was purged must not fill it again.
    if site.purged_at is not None and claims["iat"] <= site.purged_at.timestamp():
        raise _expired()
    signed = str(claims.get("bh", "")).encode("utf-8", "replace")
    if not hmac.compare_digest(signed, body_hash(request.get_data()).encode()):
        raise Unauthorized("body_hash_mismatch", "The token was made for another body. Sign the bytes that are sent.")
    return site, _urls(claims)


def refuse_purged(connection: Conn, site: Site) -> None:
    """Raises Unauthorized when the site was purged since its token was verified. The caller holds the store lock."""
    if sites.purged_at(connection, site.site_id) != site.purged_at:
        raise _expired()


def verify_ask(request: Request, database: Database, secret: bytes) -> Visitor:
    """The visitor that a site vouches for. Raises Unauthorized."""
    site, claims = _verify(request, database, secret, ASK)
    subject, groups, language = claims.get("sub"), claims.get("groups"), claims.get("lang", "")
    network = claims.get("net", "")
    if not isinstance(groups, list):
        raise _invalid()
    if not all(isinstance(text, str) and is_storable(text) for text in (subject, language, network, *groups)):
        raise _invalid()
    if "Origin" in request.headers:
        check_origin(request.headers["Origin"], database, site)
    return Visitor(site, str(subject), tuple(groups), language, network=network)


def check_origin(header: str, database: Database, site: Site) -> None:
    """Raises Unauthorized when the page of this `Origin` is none of the site's, and notes it for the owner."""
    try:
        origin = addresses.origin_of(header)
    except BadRequest:
        # `null` of a sandboxed frame, or no browser.
        origin = ""
    if origin in site.origins:
        return
    if 0 < len(origin) <= MAX_ORIGIN_CHARACTERS:
        # Not being able to note it must not change the answer.
        with contextlib.suppress(DatabaseUnavailable), database.tenant(site.site_id) as connection:
            refused_origins.note(connection, site.site_id, origin)
    raise Unauthorized(
        "origin_not_allowed",
        f"{site.site_id} is not registered for pages of this origin. If it is the site's own, run: "
        f"rag-ask sites origins {site.site_id} add {origin or 'URL'}",
        403,
    )


def verify_caller(request: Request, database: Database, secret: bytes, scope: str) -> Visitor:
    """Who asks: the server whose API key this is, or else the visitor of the token. Raises Unauthorized."""
    if API_KEY_HEADER not in request.headers:
        return verify_ask(request, database, secret)
    return _verify_key(request, database, request.headers[API_KEY_HEADER], scope)


def verify_server(request: Request, database: Database, scope: str = "") -> Visitor:
    """The server whose API key this is, as `X-API-Key` or as bearer, as OpenAI clients send it. Raises Unauthorized."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    given = request.headers.get(API_KEY_HEADER) or (bearer.strip() if scheme.lower() == "bearer" else "")
    if not given.startswith("rk_"):
        raise Unauthorized(
            "api_key_invalid",
            "Send an API key as X-API-Key or as Authorization: Bearer rk_... Make one: rag-ask keys add",
        )
    return _verify_key(request, database, given, scope)


def _verify_key(request: Request, database: Database, given: str, scope: str) -> Visitor:
    """A server may read what everybody may. scope: '' for what any key may do."""
    if "Origin" in request.headers:
        raise Unauthorized(
            "api_key_in_browser", "An API key is for servers: a page shows it to everybody. Ask with a token.", 403
        )
    row = api_keys.verified(database, given)
    if scope and scope not in row["scopes"]:
        raise Unauthorized("api_key_scope", f"This key may not {scope}. Make one that may: rag-ask keys add", 403)
    api_keys.note_use(database, row)
    site = sites.of_row(row)
    _refuse_elsewhere(site)
    structlog.contextvars.bind_contextvars(site=site.site_id)
    return Visitor(site, f"key:{row['id']}", ("public",), "", is_server=True)


def moved_notice(site: Site, kid: str, key: str, now: int) -> str:
    """The message `tests/contract/moved-token.json`: the site's new address, signed by its own key; empty for none.

    now: Unix time.
    """
    if not site.moved_to:
        return ""
    claims = {"iss": site.site_id, "aud": MOVED, "iat": now, "exp": now + MOVED_LIFETIME_S, "url": site.moved_to}
    return jwt.encode(claims, key, "HS256", headers={"kid": kid})


def _refuse_elsewhere(site: Site, notice: str = "") -> None:
    """Raises SiteMoved, and SiteMoving while the site is not whole here yet."""
    if site.moved_to:
        raise SiteMoved(site.site_id, site.moved_to, notice)
    if site.moving == "in":
        raise SiteMoving


def body_hash(body: bytes) -> str:
    """base64url(SHA-256(body)) without padding, as in the claim `bh`."""
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def _verify(request: Request, database: Database, secret: bytes, audience: str) -> tuple[Site, dict[str, Any]]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized("token_missing", "Send the token as 'Authorization: Bearer ...'.")
    try:
        # The header alone: the rest is decoded once the key is known.
        kid = str(jwt.get_unverified_header(token.partition(".")[0] + "..").get("kid", ""))
    except jwt.InvalidTokenError as error:
        raise _invalid() from error
    # Whoever sends the header has proved nothing yet.
    if not is_storable(kid):
        raise _invalid()
    site = sites.site_of_key(database, kid)
    if site is None:
        raise Unauthorized(
            "key_unknown",
            "This sidecar does not know the key. It was revoked, or the sidecar was restored from a backup that is "
            "older than the key. Make a new one: rag-ask sites rotate-key SITE --now",
        )
    key = sites.key(secret, site.site_id, kid)
    claims = _claims(token, key, site.site_id, audience)
    structlog.contextvars.bind_contextvars(site=site.site_id)
    traces.note({"rag_ask.site": site.site_id})
    _refuse_elsewhere(site, moved_notice(site, kid, key, int(time.time())) if audience == WRITE else "")
    if site.moving and audience == WRITE:
        raise SiteMoving
    if incarnation.notice(database, site, *_seen(claims)):
        site = sites.site_of_key(database, kid) or site
    return site, claims


def _claims(token: str, key: str, issuer: str, audience: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "iat", "exp"]},
        )
    except jwt.ExpiredSignatureError as error:
        raise _expired() from error
    except jwt.InvalidAudienceError as error:
        raise Unauthorized(
            "token_wrong_audience", f"This needs a token for {audience}. Ask the site for one.", 403
        ) from error
    except jwt.InvalidTokenError as error:
        raise _invalid() from error
    # PyJWT takes figures in quotes too.
    if not all(isinstance(claims[name], int | float) for name in ("iat", "exp")):
        raise _invalid()
    if claims["exp"] - claims["iat"] > MAX_LIFETIME_S[audience]:
        raise _invalid()
    return claims


def _seen(claims: dict[str, Any]) -> tuple[str, int]:
    """The incarnation of the index and the highest generation of it that the site has seen."""
    seen, generation = claims.get("inc", ""), claims.get("gen", 0)
    if not isinstance(seen, str) or not isinstance(generation, int) or not 0 <= generation <= BIGINT_MAX:
        raise _invalid()
    return seen, generation


def _urls(claims: dict[str, Any]) -> list[str]:
    if "urls" not in claims:
        return []
    urls = claims["urls"]
    if not isinstance(urls, list) or not 0 < len(urls) <= MAX_URLS:
        raise _invalid()
    if not all(isinstance(url, str) and is_storable(url) and len(url) <= MAX_URL_CHARACTERS for url in urls):
        raise _invalid()
    return urls


def _expired() -> Unauthorized:
    return Unauthorized("token_expired", "The token has expired. Fetch a new one and try again.")


def _invalid() -> Unauthorized:
    return Unauthorized("token_invalid", "The token is not valid. Check the connection string of the site.")
