"""Sites and their keys: who may push and ask."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from decimal import Decimal
from typing import LiteralString

from psycopg.rows import DictRow

from rag_ask.db import locks
from rag_ask.db.addresses import origin_of
from rag_ask.db.database import Conn, Database
from rag_ask.db.generation import raise_generation
from rag_ask.errors import BadRequest, SiteMoved, SiteMoving
from rag_ask.fields import storable
from rag_ask.tenant import Site

SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
PREVIOUS_KEY_LIFETIME = "7 days"
DEFAULT_DAILY_BUDGET_USD = Decimal(1)
UNLIMITED = Decimal("Infinity")

# One by one: a statement that is prepared must not get more of them by a migration.
COLUMNS: LiteralString = """
sites.site_id, sites.name, sites.origins, sites.pushed_origins, sites.purged_at, sites.fed_by, sites.address,
sites.incarnation::text, sites.push_generation, sites.generation, sites.outside_pages, sites.moved_to, sites.moving,
(SELECT embedder FROM active_embedder) AS embedder
"""

# What the operator and the owner of a site both allow. least() passes over NULL.
BUDGET_USD: LiteralString = "least(daily_budget_usd, owner_budget_usd)"


def add(
    connection: Conn, site_id: str, name: str, url: str, daily_budget_usd: Decimal = DEFAULT_DAILY_BUDGET_USD
) -> Site:
    """Register a site by the URL that its visitors see, with the dollars that its answers may cost on a day (UTC).

    Raises BadRequest when the id or the URL cannot be used or the id is taken.
    """
    if not SITE_ID.fullmatch(site_id):
        raise BadRequest("invalid_request", "A site id is 2 to 63 characters: a-z, 0-9 and hyphens.")
    site = Site(site_id, name or site_id, (origin_of(url),))
    row = connection.execute(
        "INSERT INTO sites (site_id, name, origins, daily_budget_usd) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING RETURNING site_id",
        (site.site_id, site.name, list(site.origins), daily_budget_usd),
    ).fetchone()
    if row is None:
        raise BadRequest("site_exists", f"The site {site_id} exists. Choose another id, or rotate its key.", 409)
    return site


def find(connection: Conn, site_id: str) -> Site:
    """Raises BadRequest (404) when there is no such site."""
    row = connection.execute(f"SELECT {COLUMNS} FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    if row is None:
        raise BadRequest("site_unknown", f"There is no site {site_id}. See: rag-ask sites list", 404)
    return of_row(row)


def with_key(connection: Conn, site_id: str) -> tuple[Site, str] | None:
    """The site with the kid of its current key; None when there is no such site."""
    row = connection.execute(
        f"SELECT {COLUMNS}, site_keys.kid FROM sites JOIN site_keys USING (site_id) "
        "WHERE site_id = %s AND expires_at IS NULL",
        (storable(site_id),),
    ).fetchone()
    return (of_row(row), row["kid"]) if row else None


def allow_outside_pages(connection: Conn, site_id: str, *, is_on: bool) -> None:
    """Whether the sidecar gives visitors of pages outside WordPress tokens, when they are of the site's origins."""
    connection.execute("UPDATE sites SET outside_pages = %s WHERE site_id = %s", (is_on, site_id))


def every(connection: Conn) -> list[Site]:
    """All sites, by id."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM sites ORDER BY site_id").fetchall()
    return [of_row(row) for row in rows]


def of_row(row: DictRow) -> Site:
    """The site that COLUMNS were read of."""
    return Site(
        row["site_id"],
        row["name"],
        tuple(dict.fromkeys([*row["origins"], *row["pushed_origins"]])),
        row["purged_at"],
        row["fed_by"],
        row["address"],
        tuple(row["pushed_origins"]),
        row["incarnation"],
        row["push_generation"],
        row["generation"],
        row["embedder"] or "",
        row["outside_pages"],
        row["moved_to"],
        row["moving"],
    )


def hold_for_writing(connection: Conn, site_id: str) -> None:
    """`locks.hold_site`, for whoever changes what the site says. Raises SiteMoving, SiteMoved."""
    locks.hold_site(connection, site_id)
    row = connection.execute("SELECT moving, moved_to FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    if row and row["moved_to"]:
        raise SiteMoved(site_id, row["moved_to"])
    if row and row["moving"]:
        raise SiteMoving


def empty(connection: Conn, site_id: str) -> int:
    """Delete everything that a site pushed, and kept answers; return how many documents that were."""
    _delete_content(connection, site_id)
    deleted = connection.execute(
        "WITH gone AS (DELETE FROM documents WHERE site_id = %s RETURNING state) "
        "SELECT count(*) FROM gone WHERE state <> 'deleted'",
        (site_id,),
    ).fetchone()
    connection.execute("UPDATE sites SET chunk_count = 0, postings_at = NULL WHERE site_id = %s", (site_id,))
    return deleted["count"] if deleted else 0


def purge(connection: Conn, site_id: str) -> int:
    """Delete everything that a site pushed and keep its registration; return how many documents that were.

    What it signed until now is refused from now on. The empty index belongs to no address.
    """
    hold_for_writing(connection, site_id)
    deleted = empty(connection, site_id)
    connection.execute("DELETE FROM questions WHERE site_id = %s", (site_id,))
    connection.execute("UPDATE sites SET purged_at = clock_timestamp(), address = '' WHERE site_id = %s", (site_id,))
    raise_generation(connection, site_id)
    return deleted


def purged_at(connection: Conn, site_id: str) -> datetime | None:
    """When everything that the site had pushed was deleted."""
    row = connection.execute("SELECT purged_at FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    return row["purged_at"] if row else None


def set_daily_budget(connection: Conn, site_id: str, usd: Decimal) -> None:
    """What the operator lets the answers of a site cost on a day (UTC), or UNLIMITED."""
    _change_budget(connection, site_id, "daily_budget_usd", usd)


def set_owner_budget(connection: Conn, site_id: str, usd: float | None) -> None:
    """What the owner lets them cost; None leaves it to the operator. The lower of both counts."""
    _change_budget(connection, site_id, "owner_budget_usd", None if usd is None else Decimal(str(usd)))


def owner_budget(connection: Conn, site_id: str) -> Decimal | None:
    """What set_owner_budget() set."""
    row = connection.execute("SELECT owner_budget_usd FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    return row["owner_budget_usd"] if row else None


def _change_budget(connection: Conn, site_id: str, column: LiteralString, usd: Decimal | None) -> None:
    """A larger budget is not exhausted."""
    before = connection.execute(f"SELECT {BUDGET_USD} AS usd FROM sites WHERE site_id = %s", (site_id,)).fetchone()
    after = connection.execute(
        f"UPDATE sites SET {column} = %s WHERE site_id = %s RETURNING {BUDGET_USD} AS usd", (usd, site_id)
    ).fetchone()
    if before and after and after["usd"] > before["usd"]:
        connection.execute("UPDATE usage SET exhausted_at = NULL WHERE site_id = %s", (site_id,))


def remove(connection: Conn, site_id: str) -> bool:
    """Delete a site with everything it has; False when there was none."""
    locks.hold_site(connection, site_id)
    _delete_content(connection, site_id)
    return connection.execute("DELETE FROM sites WHERE site_id = %s", (site_id,)).rowcount == 1


def _delete_content(connection: Conn, site_id: str) -> None:
    """Also before the documents go: with the cascade alone each of them would look for its own chunks."""
    for table in ("answers", "chunks", "term_counts", "postings", "staged_embeddings", "tried_questions"):
        connection.execute(f"DELETE FROM {table} WHERE site_id = %s", (site_id,))


def new_key(connection: Conn, site_id: str, *, revokes: bool = False) -> str:
    """Make the site's current key and return its kid. The key before it stays good for a week.

    revokes: every earlier key is refused from now on.
    """
    if revokes:
        connection.execute("DELETE FROM site_keys WHERE site_id = %s", (site_id,))
    connection.execute(
        f"UPDATE site_keys SET expires_at = now() + interval '{PREVIOUS_KEY_LIFETIME}' "
        "WHERE site_id = %s AND expires_at IS NULL",
        (site_id,),
    )
    kid = secrets.token_hex(4)
    connection.execute("INSERT INTO site_keys (site_id, kid) VALUES (%s, %s)", (site_id, kid))
    return kid


def site_of_key(database: Database, kid: str) -> Site | None:
    """The site whose current or previous key this is. Raises DatabaseUnavailable."""
    rows = database.system_at_once(
        f"SELECT {COLUMNS} FROM site_keys JOIN sites USING (site_id) "
        "WHERE kid = %(kid)s AND (expires_at IS NULL OR expires_at > now())",
        {"kid": kid},
    )
    return of_row(rows[0]) if rows else None


def key(secret: bytes, site_id: str, kid: str) -> str:
    """The site's HS256 key: 256 bits derived from the sidecar's secret (HMAC as a PRF, RFC 5869 section 2.3)."""
    digest = hmac.new(secret, f"site-key:{site_id}:{kid}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def connection_string(public_url: str, secret: bytes, site_id: str, kid: str) -> str:
    """What the plugin's settings page takes: `https://SITE_ID:KID.KEY@sidecar.example.com`."""
    scheme, rest = public_url.split("://", 1)
    return f"{scheme}://{site_id}:{kid}.{key(secret, site_id, kid)}@{rest}"
