"""API keys: `X-API-Key: rk_ID.SECRET`, for servers and tools that ask without a browser."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from rag_ask.db import sites
from rag_ask.db.database import Conn, Database
from rag_ask.errors import BadRequest, Unauthorized
from rag_ask.fields import is_storable

SCOPES = ("ask", "search")
# A request is worth a write once a minute at most.
USED_EVERY = "1 minute"
PREVIOUS_KEY_LIFETIME = "7 days"

FIND = "SELECT *, expires_at <= now() AS is_expired FROM api_keys WHERE id = %s"
# With the site that the key is for.
VERIFIED = f"""
SELECT api_keys.id, secret_hash, scopes, revoked_at, expires_at <= now() AS is_expired,
       last_used_at IS NULL OR last_used_at < now() - interval '{USED_EVERY}' AS is_use_unwritten, {sites.COLUMNS}
FROM api_keys JOIN sites USING (site_id) WHERE api_keys.id = %(id)s
"""


def add(connection: Conn, site_id: str, name: str, scopes: Sequence[str], days: int | None) -> str:
    """Make a key and return it. It is shown this once: the database has its hash alone."""
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    connection.execute(
        "INSERT INTO api_keys (id, site_id, name, secret_hash, scopes, days, expires_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, now() + make_interval(days => %s))",
        (key_id, site_id, name, _hash(secret), sorted(set(scopes)), days, days),
    )
    return f"rk_{key_id}.{secret}"


def rotate(connection: Conn, site_id: str, key_id: str) -> str:
    """Return a new key for the same purpose and as many days. The old one works for a week more at most.

    Raises BadRequest, and Unauthorized when the key works no more: nobody holds it who needs time to change over.
    """
    row = connection.execute(f"{FIND} AND site_id = %s FOR UPDATE", (key_id, site_id)).fetchone()
    if row is None:
        raise _unknown(site_id, key_id)
    _refuse_ended(row)
    connection.execute(
        "UPDATE api_keys SET expires_at = least(expires_at, now() + %s::interval) WHERE id = %s",
        (PREVIOUS_KEY_LIFETIME, key_id),
    )
    return add(connection, site_id, row["name"], row["scopes"], row["days"])


def revoke(connection: Conn, site_id: str, key_id: str) -> None:
    """Refuse a key from now on. Raises BadRequest."""
    found = connection.execute(
        "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE site_id = %s AND id = %s", (site_id, key_id)
    )
    if found.rowcount == 0:
        raise _unknown(site_id, key_id)


def of_site(connection: Conn, site_id: str) -> list[dict[str, Any]]:
    """The keys of a site, oldest first, without what they are verified by."""
    return connection.execute(
        "SELECT id, name, scopes, created_at, expires_at, revoked_at, last_used_at FROM api_keys WHERE site_id = %s "
        "ORDER BY created_at, id",
        (site_id,),
    ).fetchall()


def verified(database: Database, given: str) -> dict[str, Any]:
    """The row of the key that was given, with its site. Raises Unauthorized, DatabaseUnavailable."""
    key_id, _, secret = given.removeprefix("rk_").partition(".")
    rows = database.system_at_once(VERIFIED, {"id": key_id if is_storable(key_id) else ""})
    row = rows[0] if rows else None
    # Compared for an unknown id too, so that the time tells nothing.
    if not hmac.compare_digest(bytes(row["secret_hash"]) if row else bytes(32), _hash(secret)) or row is None:
        raise Unauthorized("api_key_invalid", "There is no such API key. Make one: rag-ask keys add")
    _refuse_ended(row)
    return row


def note_use(database: Database, row: dict[str, Any]) -> None:
    """Write down that this key was used, where that was not done lately. Raises DatabaseUnavailable."""
    if row["is_use_unwritten"]:
        with database.system() as connection:
            connection.execute("UPDATE api_keys SET last_used_at = now() WHERE id = %s", (row["id"],))


def _refuse_ended(row: dict[str, Any]) -> None:
    if row["revoked_at"]:
        raise Unauthorized("api_key_revoked", "This API key was revoked. Make a new one: rag-ask keys add")
    if row["is_expired"]:
        raise Unauthorized("api_key_expired", "This API key has expired. Make a new one: rag-ask keys add")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()


def _unknown(site_id: str, key_id: str) -> BadRequest:
    return BadRequest("api_key_unknown", f"{site_id} has no key {key_id}. See: rag-ask keys list {site_id}", 404)
