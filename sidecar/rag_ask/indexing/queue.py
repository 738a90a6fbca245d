"""Leases: which worker indexes which documents, for how long, and what becomes of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from rag_ask.db.database import Conn, Database
from rag_ask.errors import RagAskError

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8
LEASE_S = 45.0
# How often a lease is extended: two signs of life may be lost.
BEATS_PER_LEASE = 4.5

# Each site's first document comes before any site's second one, edits before scans, and then by lot: no site waits for
# the backlog of another. More are looked at than taken, because workers that claim at the same time see the same ones.
# A lease that ran out belongs to a dead worker; attempts are counted here, so a document that kills its worker is
# given up like any other.
CLAIM = """
WITH due AS MATERIALIZED (
  SELECT mine.*, row_number() OVER (PARTITION BY mine.site_id ORDER BY mine.priority, mine.next_attempt_at) AS turn
  FROM sites CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS wanted (priority) CROSS JOIN LATERAL (
    SELECT site_id, post_id, documents.priority, next_attempt_at FROM documents
    WHERE documents.site_id = sites.site_id AND documents.priority = wanted.priority AND state = 'pending'
      AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until < now())
    ORDER BY next_attempt_at LIMIT %(limit)s * 2
  ) AS mine
), claimed AS (
  SELECT site_id, post_id
  FROM (SELECT * FROM due ORDER BY turn, priority, random() LIMIT %(limit)s * 4) AS first
  JOIN documents USING (site_id, post_id)
  WHERE state = 'pending' AND documents.next_attempt_at <= now() AND (leased_until IS NULL OR leased_until < now())
  ORDER BY first.turn, first.priority LIMIT %(limit)s FOR UPDATE OF documents SKIP LOCKED
)
UPDATE documents SET lease = %(lease)s, leased_until = now() + %(duration)s, attempts = documents.attempts + 1
FROM claimed WHERE documents.site_id = claimed.site_id AND documents.post_id = claimed.post_id
RETURNING documents.*
"""

# Rows that a push holds are skipped: it takes them from this worker anyway, and two orders of locking could meet.
EXTEND = """
UPDATE documents SET leased_until = now() + %(duration)s
FROM (
  SELECT site_id, post_id FROM documents
  JOIN unnest(%(site_ids)s::text[], %(post_ids)s::bigint[]) AS claimed (site_id, post_id) USING (site_id, post_id)
  WHERE lease = ANY(%(leases)s) FOR UPDATE OF documents SKIP LOCKED
) AS held
WHERE documents.site_id = held.site_id AND documents.post_id = held.post_id
"""

BACK_OFF = """
UPDATE documents SET code = %(code)s, message = %(message)s, lease = NULL, leased_until = NULL,
  state = CASE WHEN %(final)s OR (attempts >= %(max_attempts)s AND NOT %(transient)s) THEN 'failed' ELSE 'pending' END,
  -- A provider that is away for days must not use up the attempts of the document.
  attempts = CASE WHEN %(transient)s THEN least(attempts, %(max_attempts)s - 1) ELSE attempts END,
  next_attempt_at = now() + power(2, attempts) * (0.5 + random()) * interval '1 second'
WHERE site_id = %(site_id)s AND post_id = %(post_id)s AND lease = %(lease)s
"""


@dataclass(frozen=True)
class Claimed:
    """A document that this worker may index until its lease ends."""

    site_id: str
    post_id: int
    lease: UUID
    attempts: int
    title: str
    html: str
    excerpt: str
    author: str
    terms: list[dict[str, str]]
    fields: list[dict[str, str]]
    language: str


def claim(connection: Conn, limit: int, lease_s: float = LEASE_S) -> list[Claimed]:
    """Lease up to `limit` documents that are due, in turn between sites."""
    values = {"lease": uuid4(), "duration": timedelta(seconds=lease_s), "limit": limit}
    rows = connection.execute(CLAIM, values).fetchall()
    names = Claimed.__dataclass_fields__
    return [Claimed(**{name: row[name] for name in names}) for row in rows]


def extend(connection: Conn, claimed: Sequence[Claimed], lease_s: float) -> None:
    """Tell that this worker is alive and still at it."""
    values = {
        "duration": timedelta(seconds=lease_s),
        "site_ids": [document.site_id for document in claimed],
        "post_ids": [document.post_id for document in claimed],
        "leases": list({document.lease for document in claimed}),
    }
    connection.execute(EXTEND, values)


@contextmanager
def kept_alive(database: Database, claimed: Sequence[Claimed], lease_s: float = LEASE_S) -> Iterator[None]:
    """Extend the leases for as long as the block runs: from a thread, on a connection that the block does not use."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease_s / BEATS_PER_LEASE):
            try:
                with database.system() as connection:
                    extend(connection, claimed, lease_s)
            except RagAskError as error:
                log.warning("heartbeat: %s", error.message)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def settle(connection: Conn, document: Claimed, state: str, code: str = "", message: str = "") -> bool:
    """Mark a claimed document as done; False when a newer push or another worker took it meanwhile."""
    return (
        connection.execute(
            "UPDATE documents SET state = %s, code = %s, message = %s, indexed_at = now(), lease = NULL, "
            "leased_until = NULL WHERE site_id = %s AND post_id = %s AND lease = %s",
            (state, code, message, document.site_id, document.post_id, document.lease),
        ).rowcount
        == 1
    )


def release(connection: Conn, document: Claimed) -> None:
    """Give a document back as if it had not been claimed."""
    connection.execute(
        "UPDATE documents SET attempts = attempts - 1, lease = NULL, leased_until = NULL "
        "WHERE site_id = %s AND post_id = %s AND lease = %s",
        (document.site_id, document.post_id, document.lease),
    )


def back_off(connection: Conn, document: Claimed, code: str, message: str, *, transient: bool, final: bool) -> None:
    """Put a failed document off (2, 4, 8 ... 256 seconds, with jitter).

    It is given up with its reason after eight attempts, or at once when `final`; never when `transient`.
    """
    connection.execute(
        BACK_OFF,
        {
            "code": code,
            "message": message[:500],
            "max_attempts": MAX_ATTEMPTS,
            "transient": transient,
            "final": final,
            "site_id": document.site_id,
            "post_id": document.post_id,
            "lease": document.lease,
        },
    )
