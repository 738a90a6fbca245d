"""Arrive: the rows of a site that moves here are put in place. Each step may be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag_ask.db import active_embedder, locks, migrate, sites
from rag_ask.db.database import Conn, Database
from rag_ask.db.generation import raise_generation
from rag_ask.errors import BadRequest
from rag_ask.moves import counted, rows

FINISH_S = 120
# System transactions write these; a tenant's reach neither.
KEYS = ("site_keys", "api_keys")
READY = """
UPDATE documents SET next_attempt_at = least(next_attempt_at, now()), headers_due_at = least(headers_due_at, now())
WHERE site_id = %s AND (next_attempt_at = 'infinity' OR headers_due_at = 'infinity')
"""


def begin(database: Database, site: dict[str, Any], embedder: str | None, migrations: list[str]) -> str:
    """Make room for a site and return `arriving`, or `live` when it has arrived already.

    site: the row of `sites`. Raises BadRequest when the two sidecars differ, or another site has this id, and
    EmbedderMismatch.
    """
    with database.system() as connection:
        if migrations != migrate.applied(connection):
            raise BadRequest("versions_differ", "The two sidecars have other tables. Install the same version.", 409)
        if embedder:
            active_embedder.choose(connection, embedder)
        here = connection.execute("SELECT * FROM sites WHERE site_id = %s", (site["site_id"],)).fetchone()
        if here is None:
            rows.insert(connection, "sites", site | {"moving": "in", "moved_to": ""})
        elif here["moved_to"]:
            # It comes back: what is asked here is passed on until it has.
            connection.execute("UPDATE sites SET moving = 'in' WHERE site_id = %s", (site["site_id"],))
        elif not here["moving"]:
            if str(here["incarnation"]) != site["incarnation"]:
                raise BadRequest("site_exists", f"There is another site {site['site_id']} at the other sidecar.", 409)
            return "live"
    return "arriving"


def differing(database: Database, site_id: str, after: int, until: int, known: Mapping[int, str]) -> list[int]:
    """Compare the documents in (after, until] with these fingerprints, and return the ids that must be sent.

    Those that are not among them go.
    """
    with database.tenant(site_id) as connection:
        _hold(connection, site_id)
        here = rows.fingerprints(connection, site_id, after, until)
        gone = list(here.keys() - known.keys())
        connection.execute("DELETE FROM documents WHERE site_id = %s AND post_id = ANY(%s)", (site_id, gone))
    return [post_id for post_id, fingerprint in known.items() if here.get(post_id) != fingerprint]


def put(database: Database, site_id: str, table: str, given: list[dict[str, Any]]) -> None:
    """Put rows of one table in place. Raises BadRequest."""
    if table not in (rows.DOCUMENTS, rows.CHUNKS, *rows.OTHERS) or any(row.get("site_id") != site_id for row in given):
        raise BadRequest("invalid_request", "table, rows: they are not those of this site.")
    with database.system() if table in KEYS else database.tenant(site_id) as connection:
        _hold(connection, site_id)
        rows.replace(connection, table, given)


def add_usage(database: Database, site_id: str, given: list[dict[str, Any]]) -> None:
    """Add what was counted elsewhere, also once the site is served here."""
    with database.tenant(site_id) as connection:
        counted.add(connection, site_id, given)


def add_questions(database: Database, site_id: str, purged_at: str | None, given: list[dict[str, Any]]) -> None:
    """Add what was asked elsewhere since the questions were sent. purged_at: of the site there."""
    with database.tenant(site_id) as connection:
        rows.add_questions(connection, site_id, purged_at, given)


def finish(database: Database, site: dict[str, Any]) -> None:
    """All rows are there: the site is served here from now on."""
    site_id = site["site_id"]
    with database.system() as connection:
        connection.execute(f"SET LOCAL statement_timeout = '{FINISH_S}s'")
        _hold(connection, site_id)
        rows.update_site(connection, site_id, site | {"moving": "", "moved_to": "", "postings_at": None})
        connection.execute(
            "UPDATE sites SET chunk_count = (SELECT count(*) FROM chunks WHERE chunks.site_id = sites.site_id) "
            "WHERE site_id = %s",
            (site_id,),
        )
        connection.execute("DELETE FROM postings WHERE site_id = %s", (site_id,))
        raise_generation(connection, site_id)
        connection.execute(READY, (site_id,))


def _hold(connection: Conn, site_id: str) -> None:
    """Raises BadRequest when the site is not on its way here."""
    locks.hold_site(connection, site_id)
    if sites.find(connection, site_id).moving != "in":
        raise BadRequest("site_not_arriving", f"{site_id} is not on its way here. Begin the move again.", 409)
