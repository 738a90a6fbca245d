"""The content generation of a site rises whenever an answer may differ: no kept answer outlives its content."""

from __future__ import annotations

from rag_ask.db.database import Conn


def raise_generation(connection: Conn, site_id: str | None = None) -> None:
    """Raise the generation of a site, or of every site. Every site needs a system transaction."""
    connection.execute(
        "UPDATE sites SET generation = generation + 1 WHERE %(site_id)s::text IS NULL OR site_id = %(site_id)s",
        {"site_id": site_id},
    )
