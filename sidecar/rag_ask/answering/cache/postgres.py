"""The default answer store: the table `answers`."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Json

from rag_ask.answering.cache import LEASE_S, CacheKey, Kept
from rag_ask.db.database import Database

# Nothing, when a push came since the key was read.
FIND = """
SELECT kept, date_part('epoch', expires_at - now()) AS left_s FROM answers JOIN sites USING (site_id)
WHERE site_id = %(site_id)s AND key = %(key)s AND kept IS NOT NULL AND expires_at > now()
  AND sites.generation = %(generation)s
"""

CLAIM = f"""
INSERT INTO answers (site_id, key, generation, lease, expires_at)
VALUES (%s, %s, %s, %s, now() + interval '{LEASE_S} seconds')
ON CONFLICT (site_id, key) DO UPDATE SET kept = NULL, lease = excluded.lease, expires_at = excluded.expires_at
WHERE answers.expires_at < now()
"""

EXTEND = f"""
UPDATE answers SET expires_at = now() + interval '{LEASE_S} seconds' WHERE site_id = %s AND key = %s AND lease = %s
"""

KEEP = """
INSERT INTO answers (site_id, key, generation, kept, expires_at)
VALUES (%s, %s, %s, %s, now() + make_interval(secs => %s))
ON CONFLICT (site_id, key) DO UPDATE SET kept = excluded.kept, lease = NULL, expires_at = excluded.expires_at,
  created_at = now()
"""


class PostgresAnswers:
    """Raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: CacheKey) -> Kept | None:
        """See AnswerStore."""
        values = {"site_id": key.site_id, "key": key.digest, "generation": key.generation}
        rows = self._database.tenant_at_once(key.site_id, FIND, values)
        return Kept(rows[0]["kept"], rows[0]["left_s"]) if rows else None

    def claim(self, key: CacheKey, lease: str) -> bool:
        """See AnswerStore."""
        with self._database.tenant(key.site_id) as connection:
            return connection.execute(CLAIM, (key.site_id, key.digest, key.generation, lease)).rowcount == 1

    def extend(self, key: CacheKey, lease: str) -> None:
        """See AnswerStore."""
        with self._database.tenant(key.site_id) as connection:
            connection.execute(EXTEND, (key.site_id, key.digest, lease))

    def keep(self, key: CacheKey, content: dict[str, Any], ttl_s: int) -> None:
        """See AnswerStore."""
        with self._database.tenant(key.site_id) as connection:
            connection.execute(KEEP, (key.site_id, key.digest, key.generation, Json(content), ttl_s))

    def release(self, key: CacheKey, lease: str) -> None:
        """See AnswerStore."""
        with self._database.tenant(key.site_id) as connection:
            connection.execute(
                "DELETE FROM answers WHERE site_id = %s AND key = %s AND lease = %s", (key.site_id, key.digest, lease)
            )

    def drop(self, site_id: str) -> None:
        """See AnswerStore."""
        with self._database.tenant(site_id) as connection:
            connection.execute("DELETE FROM answers WHERE site_id = %s", (site_id,))
