"""Refused origins: pages that asked and are not of the site, as far as it registered its addresses."""

from __future__ import annotations

from typing import Any

from rag_ask.db.database import Conn
from rag_ask.text.timestamps import rfc3339

MAX_ORIGINS = 20
KEPT = "7 days"
# One that is refused all the time is worth a write once a minute at most.
NOTED_EVERY = "1 minute"

NOTE = f"""
INSERT INTO refused_origins AS old (site_id, origin)
SELECT %(site_id)s, %(origin)s WHERE (SELECT count(*) FROM refused_origins WHERE site_id = %(site_id)s) < {MAX_ORIGINS}
  OR EXISTS (SELECT FROM refused_origins WHERE site_id = %(site_id)s AND origin = %(origin)s)
ON CONFLICT (site_id, origin) DO UPDATE SET last_at = now() WHERE old.last_at < now() - interval '{NOTED_EVERY}'
"""


def note(connection: Conn, site_id: str, origin: str) -> None:
    """Keep an origin for a week, of which a site has at most MAX_ORIGINS."""
    connection.execute(
        f"DELETE FROM refused_origins WHERE site_id = %s AND last_at < now() - interval '{KEPT}'", (site_id,)
    )
    connection.execute(NOTE, {"site_id": site_id, "origin": origin})


def lately(connection: Conn, site_id: str) -> list[dict[str, Any]]:
    """The origins of the last week that are still refused, the latest first."""
    rows = connection.execute(
        "SELECT origin, last_at FROM refused_origins JOIN sites USING (site_id) WHERE site_id = %s "
        f"AND last_at > now() - interval '{KEPT}' AND origin <> ALL(origins || pushed_origins) ORDER BY last_at DESC",
        (site_id,),
    ).fetchall()
    return [{"origin": row["origin"], "last_at": rfc3339(row["last_at"])} for row in rows]
