"""Usage: tokens and cost of a site per day, and reservations against its daily budget."""

from __future__ import annotations

from typing import Any, LiteralString
from uuid import UUID, uuid4

from psycopg import ClientCursor

from rag_ask.db.database import Conn
from rag_ask.db.sites import BUDGET_USD
from rag_ask.providers.chat import Usage
from rag_ask.text.timestamps import rfc3339

# Longer than any call may take.
RESERVATION_LIFETIME = "5 minutes"
MICRO = 1_000_000

_TODAY: LiteralString = "(now() AT TIME ZONE 'utc')::date"

# The row's lock makes one question wait for the other, in whatever process; the sum is read behind it.
_RESERVE = f"""
UPDATE usage SET reserved_microusd = reserved_microusd + %(microusd)s, exhausted_at = NULL
FROM sites
WHERE usage.site_id = %(site_id)s AND day = {_TODAY} AND sites.site_id = usage.site_id
  AND cost_microusd + reserved_microusd + %(microusd)s <= {BUDGET_USD} * {MICRO} * %(share)s
RETURNING day
"""

# Most of a reservation is released again: only what is spent exhausts the budget.
_EXHAUST = f"""
UPDATE usage SET exhausted_at = coalesce(exhausted_at, now())
FROM sites
WHERE usage.site_id = %(site_id)s AND day = {_TODAY} AND sites.site_id = usage.site_id
  AND cost_microusd + %(microusd)s > {BUDGET_USD} * {MICRO}
"""

# A reservation need not outlive a crash of the server: the call breaks off with it, or is settled without. So no answer
# waits for the disk.
_BEGIN_RESERVING: LiteralString = f"""
SET LOCAL synchronous_commit = off;
INSERT INTO usage (site_id, day) VALUES (%(site_id)s, {_TODAY}) ON CONFLICT DO NOTHING;
WITH lapsed AS (
  DELETE FROM reservations WHERE site_id = %(site_id)s AND lapses_at < now() RETURNING day, microusd
), freed AS (
  SELECT day, sum(microusd) AS microusd FROM lapsed GROUP BY day
)
UPDATE usage SET reserved_microusd = reserved_microusd - freed.microusd
FROM freed WHERE usage.site_id = %(site_id)s AND usage.day = freed.day
"""

_RECORD = f"""
UPDATE usage SET
  input_tokens = input_tokens + %(input)s,
  output_tokens = output_tokens + %(output)s, cached_tokens = cached_tokens + %(cached)s,
  cost_microusd = cost_microusd + %(microusd)s, reserved_microusd = reserved_microusd - %(reserved)s
WHERE site_id = %(site_id)s AND day = coalesce(%(day)s::date, {_TODAY})
"""

_BUDGET = f"""
SELECT {BUDGET_USD} AS limit_usd, owner_budget_usd, coalesce(sum(cost_microusd), 0) AS month,
       coalesce(sum(cost_microusd) FILTER (WHERE day = {_TODAY}), 0) AS today,
       max(exhausted_at) FILTER (WHERE day = {_TODAY}) AS exhausted_at
FROM sites LEFT JOIN usage ON usage.site_id = sites.site_id AND day >= date_trunc('month', {_TODAY})
WHERE sites.site_id = %s GROUP BY sites.site_id
"""

# A question is less than a millionth of a dollar: rounded up is the day's sum, not each call.
_COUNT_EMBEDDING = f"""
INSERT INTO usage (site_id, day, embedding_tokens, cost_microusd)
VALUES (%(site_id)s, {_TODAY}, %(tokens)s, ceil(%(tokens)s * %(price_usd)s::numeric))
ON CONFLICT (site_id, day) DO UPDATE SET
  embedding_tokens = usage.embedding_tokens + %(tokens)s,
  cost_microusd = usage.cost_microusd - ceil(usage.embedding_tokens * %(price_usd)s::numeric)
    + ceil((usage.embedding_tokens + %(tokens)s) * %(price_usd)s::numeric)
"""


# So many more questions today, whoever answers them.
COUNT_QUESTIONS: LiteralString = f"""
INSERT INTO usage (site_id, day, questions) VALUES (%(site_id)s, {_TODAY}, %(count)s)
ON CONFLICT (site_id, day) DO UPDATE SET questions = usage.questions + %(count)s
"""


def reserve(connection: Conn, site_id: str, microusd: int, share: float = 1.0) -> UUID | None:
    """Reserve what a call may cost at most; None when this share of today's budget does not hold it just now.

    The budget is exhausted from the first call that what is spent leaves no room for, until one fits again.
    """
    # The server takes several statements at a time only without parameters: this cursor quotes the values.
    ClientCursor(connection).execute(_BEGIN_RESERVING, {"site_id": site_id})
    values = {"site_id": site_id, "microusd": microusd, "share": share}
    row = connection.execute(_RESERVE, values).fetchone()
    if row is None and share == 1:
        connection.execute(_EXHAUST, values)
    if row is None:
        return None
    reservation = uuid4()
    connection.execute(
        "INSERT INTO reservations (site_id, day, id, microusd, lapses_at) "
        f"VALUES (%s, %s, %s, %s, now() + interval '{RESERVATION_LIFETIME}')",
        (site_id, row["day"], reservation, microusd),
    )
    return reservation


def settle(connection: Conn, site_id: str, reservation: UUID, usage: Usage, microusd: int) -> None:
    """Replace a reservation by what the call did cost, on the day that it began."""
    freed = connection.execute(
        "DELETE FROM reservations WHERE site_id = %s AND id = %s RETURNING day, microusd", (site_id, reservation)
    ).fetchone()
    _open_day(connection, site_id)
    values = {
        "site_id": site_id,
        # One that lapsed is paid for all the same, today.
        "day": freed["day"] if freed else None,
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cached": usage.cached_tokens,
        "microusd": microusd,
        "reserved": freed["microusd"] if freed else 0,
    }
    connection.execute(_RECORD, values)


def count_embedding(connection: Conn, site_id: str, tokens: int, price_usd: float) -> None:
    """So many tokens more were embedded today. price_usd: for a million of them, which is millionths for one."""
    connection.execute(_COUNT_EMBEDDING, {"site_id": site_id, "tokens": tokens, "price_usd": price_usd})


def budget(connection: Conn, site_id: str) -> dict[str, Any] | None:
    """What is spent today and this month (UTC), and what may be, for the site's admin; None without any budget.

    limit_usd: the lower of owner_usd, which is the site's own (or None), and the operator's.
    """
    row = connection.execute(_BUDGET, (site_id,)).fetchone()
    if row is None or row["limit_usd"].is_infinite():
        return None
    return {
        "spent_usd": int(row["today"]) / MICRO,
        "month_usd": int(row["month"]) / MICRO,
        "limit_usd": float(row["limit_usd"]),
        "owner_usd": None if row["owner_budget_usd"] is None else float(row["owner_budget_usd"]),
        "exhausted_at": rfc3339(row["exhausted_at"]),
    }


def _open_day(connection: Conn, site_id: str) -> None:
    connection.execute(f"INSERT INTO usage (site_id, day) VALUES (%s, {_TODAY}) ON CONFLICT DO NOTHING", (site_id,))
