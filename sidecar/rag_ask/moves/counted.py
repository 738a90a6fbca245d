"""Counted: the usage of a site that moves, by the database that counted it (a grow-only counter).

Each database's numbers only rise, so the same ones may arrive twice, late or out of order.
https://en.wikipedia.org/wiki/Conflict-free_replicated_data_type#G-Counter_(Grow-only_Counter)
"""

from __future__ import annotations

from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from rag_ask.db import locks
from rag_ask.db.database import Conn

# `usage` without what it says of the moment: reservations, and since when the budget is exhausted.
NUMBERS: tuple[LiteralString, ...] = (
    "questions",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "embedding_tokens",
    "cost_microusd",
)
_COLUMNS: LiteralString = ", ".join(NUMBERS)

# What no other database counted was counted here.
BY_ORIGIN: LiteralString = f"""
SELECT to_jsonb(part) AS row FROM (
  SELECT site_id, (SELECT identity FROM database_identity) AS origin, day,
         {", ".join(f"usage.{name} - coalesce(elsewhere.{name}, 0)::bigint AS {name}" for name in NUMBERS)}
  FROM usage LEFT JOIN (
    SELECT day, {", ".join(f"sum({name}) AS {name}" for name in NUMBERS)}
    FROM moved_usage WHERE site_id = %(site_id)s GROUP BY day
  ) AS elsewhere USING (day)
  WHERE site_id = %(site_id)s
  UNION ALL
  SELECT site_id, origin, day, {_COLUMNS} FROM moved_usage WHERE site_id = %(site_id)s
) AS part
"""
ADD: LiteralString = f"""
WITH given AS (
  SELECT given.* FROM jsonb_populate_recordset(NULL::moved_usage, %(rows)s) AS given
  WHERE site_id = %(site_id)s AND origin <> (SELECT identity FROM database_identity)
), kept AS (
  INSERT INTO moved_usage (site_id, origin, day, {_COLUMNS}) SELECT site_id, origin, day, {_COLUMNS} FROM given
  ON CONFLICT (site_id, origin, day) DO UPDATE SET
    {", ".join(f"{name} = greatest(moved_usage.{name}, excluded.{name})" for name in NUMBERS)}
)
INSERT INTO usage (site_id, day, {_COLUMNS})
SELECT site_id, day, {", ".join(f"sum(greatest(given.{name} - coalesce(known.{name}, 0), 0))" for name in NUMBERS)}
FROM given LEFT JOIN moved_usage AS known USING (site_id, origin, day) GROUP BY site_id, day
ON CONFLICT (site_id, day) DO UPDATE SET {", ".join(f"{name} = usage.{name} + excluded.{name}" for name in NUMBERS)}
"""


def by_origin(connection: Conn, site_id: str) -> list[dict[str, Any]]:
    """Rows of `moved_usage`, with one more for each day that this database counted."""
    return [found["row"] for found in connection.execute(BY_ORIGIN, {"site_id": site_id})]


def add(connection: Conn, site_id: str, rows: list[dict[str, Any]]) -> None:
    """Add what rows of `by_origin` hold and this database does not know yet."""
    locks.hold_site(connection, site_id)
    connection.execute(ADD, {"site_id": site_id, "rows": Jsonb(rows)})
