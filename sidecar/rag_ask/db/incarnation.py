"""Incarnation: a site's rows may go back to those of a backup. What was withdrawn since must not be answered again.

An incarnation is a random id; a generation counts the pushes within it. Each side tells the other the highest that it
has seen. After a new incarnation, questions are answered only from the documents that the site confirmed in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from rag_ask.db.database import Conn, Database
from rag_ask.db.generation import raise_generation
from rag_ask.errors import DatabaseUnavailable, IndexUnproven
from rag_ask.tenant import Site

log = structlog.get_logger(__name__)

# The cluster and the database in it: a standby that takes over has the same, a restored dump does not.
IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system()) || ' '
  || (SELECT oid FROM pg_database WHERE datname = current_database())
"""
RENEW = "UPDATE sites SET incarnation = gen_random_uuid(), push_generation = 0, compared_to = 0"


def of_site(connection: Conn, site_id: str) -> dict[str, Any]:
    """The fields `incarnation` and `generation` of an answer to the site."""
    row = connection.execute(
        "SELECT incarnation::text, push_generation AS generation FROM sites WHERE site_id = %s", (site_id,)
    ).fetchone()
    return row or {"incarnation": "", "generation": 0}


def count_push(connection: Conn, site_id: str) -> dict[str, Any]:
    """Raise the generation, and return what `of_site` does."""
    connection.execute("UPDATE sites SET push_generation = push_generation + 1 WHERE site_id = %s", (site_id,))
    return of_site(connection, site_id)


def renew(connection: Conn, site_id: str) -> None:
    """The rows went back: none of them is proven any more."""
    connection.execute(f"{RENEW} WHERE site_id = %s", (site_id,))


def notice(database: Database, site: Site, incarnation: str, generation: int) -> bool:
    """Renew the incarnation when the site has seen a higher generation of it than there is.

    Returns whether that was so: what was read of the site is then old.
    """
    if incarnation != site.incarnation or generation <= site.push_generation:
        return False
    with database.tenant(site.site_id) as connection:
        # Looked at again: another request may have noticed it too.
        renewed = connection.execute(
            f"{RENEW} WHERE site_id = %s AND incarnation::text = %s AND push_generation < %s",
            (site.site_id, incarnation, generation),
        )
    if renewed.rowcount:
        here = site.push_generation
        log.warning("incarnation.went_back", site=site.site_id, seen=generation, here=here)
    return True


def check_start(database: Database) -> None:
    """Renew every incarnation when the rows were dumped and restored into this database.

    One that is away, or has no tables yet, is the business of the first request.
    """
    try:
        with database.system() as connection:
            found = connection.execute("SELECT to_regclass('database_identity') IS NOT NULL AS is_migrated").fetchone()
            if not found or not found["is_migrated"]:
                return
            moved = connection.execute(
                f"UPDATE database_identity SET identity = ({IDENTITY}) WHERE identity <> ({IDENTITY})"
            )
            if moved.rowcount:
                log.warning("incarnation.restored", sites=connection.execute(RENEW).rowcount)
    except DatabaseUnavailable as error:
        log.warning("start", reason=error.message)


def prove(connection: Conn, site_id: str, post_ids: Sequence[int]) -> list[int]:
    """The site has just confirmed these documents. Returns those that were not proven before and wait to be indexed."""
    proven = connection.execute(
        "UPDATE documents SET incarnation = sites.incarnation FROM sites "
        "WHERE sites.site_id = documents.site_id AND documents.site_id = %s AND post_id = ANY(%s) "
        "AND documents.incarnation IS DISTINCT FROM sites.incarnation RETURNING post_id, state",
        (site_id, list(post_ids)),
    ).fetchall()
    if proven:
        raise_generation(connection, site_id)
    return [row["post_id"] for row in proven if row["state"] == "pending"]


def advance(connection: Conn, site_id: str, after: int, until: int | None) -> None:
    """The site compared the ids in (after, until]; `until` None is the last page. A gap does not count."""
    connection.execute(
        "UPDATE sites SET compared_to = CASE WHEN %(until)s::bigint > 0 THEN greatest(compared_to, %(until)s) END "
        "WHERE site_id = %(site_id)s AND compared_to >= %(after)s",
        {"site_id": site_id, "after": after, "until": until},
    )


def count_unproven(connection: Conn, site_id: str) -> int:
    """How many documents with chunks wait for the site to confirm or withdraw them."""
    row = connection.execute(
        "SELECT count(*) FROM documents JOIN sites USING (site_id) "
        "WHERE site_id = %s AND state IN ('pending', 'indexed') "
        "AND documents.incarnation IS DISTINCT FROM sites.incarnation",
        (site_id,),
    ).fetchone()
    return row["count"] if row else 0


def refuse_unproven(database: Database, site_id: str) -> None:
    """For a question that nothing was found for. Raises IndexUnproven while the comparison is not complete."""
    with database.tenant(site_id) as connection:
        row = connection.execute(
            "SELECT FROM sites WHERE site_id = %s AND compared_to IS NOT NULL", (site_id,)
        ).fetchone()
    if row is not None:
        raise IndexUnproven
