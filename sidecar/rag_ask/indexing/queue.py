"""The queue of documents: claim, heartbeat, settle, back off. A lease says which worker holds a document."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from uuid import UUID, uuid4

import structlog

from rag_ask.db.database import Conn, Database
from rag_ask.errors import RagAskError

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 8
MAX_DEATHS = 8
# Failures that a newer worker may not have: they depend on its code, not on a provider.
WORKER_FAILURES = ("worker_died", "too_complex", "unreadable")
# Failures of the server that has a file, which may pass.
FETCH_FAILURES = ("file_refused", "file_unavailable")
VERSION = version("rag-ask")
# Its connections are known by this name.
WORKER = "rag-ask worker"
LEASE_S = 45.0
# How often a lease is extended: two heartbeats may be lost.
HEARTBEATS_PER_LEASE = 4.5

LEASE = """
UPDATE documents SET lease = %(lease)s, leased_until = now() + %(duration)s
FROM claimed WHERE documents.site_id = claimed.site_id AND documents.post_id = claimed.post_id
RETURNING documents.*
"""

# Fair between sites: each site's first document comes before any site's second one, edits before scans, then randomly.
# More rows are read than claimed, because workers that claim at the same time read the same ones.
CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT mine.*, row_number() OVER (PARTITION BY mine.site_id ORDER BY mine.priority, mine.next_attempt_at) AS turn
  FROM sites CROSS JOIN (VALUES (0::smallint), (1::smallint)) AS wanted (priority) CROSS JOIN LATERAL (
    SELECT site_id, post_id, documents.priority, next_attempt_at FROM documents
    WHERE documents.site_id = sites.site_id AND documents.priority = wanted.priority AND state = 'pending'
      AND next_attempt_at <= now() AND lease IS NULL AND NOT is_suspect AND NOT is_large AND file = ''
    ORDER BY next_attempt_at LIMIT %(limit)s * 2
  ) AS mine
), claimed AS (
  SELECT site_id, post_id
  FROM (SELECT * FROM due ORDER BY turn, priority, random() LIMIT %(limit)s * 4) AS first
  JOIN documents USING (site_id, post_id)
  WHERE state = 'pending' AND documents.next_attempt_at <= now() AND lease IS NULL AND NOT is_suspect AND file = ''
  ORDER BY first.turn, first.priority LIMIT %(limit)s FOR UPDATE OF documents SKIP LOCKED
)
{LEASE}"""

# The fewest deaths first, so that a document that kills its workers does not delay the others.
CLAIM_SUSPECT = f"""
WITH claimed AS (
  SELECT site_id, post_id FROM documents
  WHERE state = 'pending' AND is_suspect AND next_attempt_at <= now() AND lease IS NULL AND file = ''
  ORDER BY deaths, random() LIMIT 1 FOR UPDATE SKIP LOCKED
)
{LEASE}"""

CLAIM_LARGE = f"""
WITH claimed AS (
  SELECT site_id, post_id FROM documents
  WHERE state = 'pending' AND is_large AND NOT is_suspect AND next_attempt_at <= now() AND lease IS NULL
  ORDER BY priority, random() LIMIT 1 FOR UPDATE SKIP LOCKED
)
{LEASE}"""

# One site after the other: a server that is slow delays the files of its own site.
CLAIM_FILE = f"""
WITH turn AS MATERIALIZED (
  SELECT DISTINCT ON (site_id) site_id, post_id, deaths FROM documents
  WHERE state = 'pending' AND file <> '' AND next_attempt_at <= now() AND lease IS NULL
  ORDER BY site_id, deaths, priority, random()
), claimed AS (
  SELECT site_id, post_id FROM (SELECT * FROM turn ORDER BY deaths, random()) AS first
  JOIN documents USING (site_id, post_id) WHERE state = 'pending' AND lease IS NULL
  ORDER BY first.deaths, random() LIMIT 1 FOR UPDATE OF documents SKIP LOCKED
)
{LEASE}"""

# A lease that ran out belongs to a dead worker. Only a suspect was worked on alone, so only a suspect is charged.
SUSPECT = """
UPDATE documents SET lease = NULL, leased_until = NULL, deaths = deaths + is_suspect::int,
  next_attempt_at = now() + CASE WHEN is_suspect THEN power(2, least(deaths, 8)) ELSE 0 END * interval '1 second',
  is_suspect = true
WHERE (site_id, post_id) IN (
  SELECT site_id, post_id FROM documents WHERE state = 'pending' AND lease IS NOT NULL AND leased_until < now()
  FOR UPDATE SKIP LOCKED
)
"""

# Skips rows that a push has locked: the push takes the lease anyway, and two lock orders could deadlock.
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
  state = CASE WHEN %(final)s OR (attempts + 1 >= %(max_attempts)s AND NOT %(transient)s)
    THEN 'failed' ELSE 'pending' END,
  -- A provider outage of days must not use up the attempts of the document.
  attempts = CASE WHEN %(transient)s THEN least(attempts + 1, %(max_attempts)s - 1) ELSE attempts + 1 END,
  next_attempt_at = now() + power(2, attempts + 1) * (0.5 + random()) * interval '1 second',
  is_suspect = is_suspect AND NOT %(final)s, failed_by = %(version)s
WHERE site_id = %(site_id)s AND post_id = %(post_id)s AND lease = %(lease)s
RETURNING state
"""


@dataclass(frozen=True)
class Claimed:
    """A document that this worker may index until its lease ends."""

    site_id: str
    post_id: int
    lease: UUID
    deaths: int
    title: str
    html: str
    excerpt: str
    author: str
    terms: list[dict[str, str]]
    fields: list[dict[str, str]]
    language: str
    url: str = ""
    type: str = ""
    # '' for a post, otherwise what kind of file it is.
    file: str = ""
    # By which rules its stored chunks were cut.
    chunk_version: int = 1


def claim(connection: Conn, limit: int, lease_s: float = LEASE_S) -> list[Claimed]:
    """Lease up to `limit` documents that are due, in turn between sites; no large ones, and no suspects."""
    return _claim(connection, CLAIM, limit, lease_s)


def claim_suspect(connection: Conn, lease_s: float = LEASE_S) -> list[Claimed]:
    """Lease one document that a worker held when it died, if one is due. It must be worked on alone."""
    connection.execute(SUSPECT)
    return _claim(connection, CLAIM_SUSPECT, 1, lease_s)


def claim_large(connection: Conn, lease_s: float = LEASE_S) -> list[Claimed]:
    """Lease one large document, if one is due."""
    return _claim(connection, CLAIM_LARGE, 1, lease_s)


def claim_file(connection: Conn, lease_s: float = LEASE_S) -> list[Claimed]:
    """Lease one document that is a file, if one is due. It is worked on alone."""
    return _claim(connection, CLAIM_FILE, 1, lease_s)


def _claim(connection: Conn, sql: str, limit: int, lease_s: float) -> list[Claimed]:
    values = {"lease": uuid4(), "duration": timedelta(seconds=lease_s), "limit": limit}
    rows = connection.execute(sql, values).fetchall()
    names = Claimed.__dataclass_fields__
    return [Claimed(**{name: row[name] for name in names}) for row in rows]


def retry_failed(connection: Conn) -> int:
    """Queue what an older version of the worker failed to read, and what was over the quota; return how many.

    Needs a system transaction.
    """
    return connection.execute(
        "UPDATE documents SET state = 'pending', attempts = 0, deaths = 0, next_attempt_at = now(), "
        "is_suspect = is_suspect OR code = 'worker_died' "
        "WHERE state = 'failed' AND (code = ANY(%s) AND failed_by <> %s OR code = 'quota_chunks')",
        (list(WORKER_FAILURES), VERSION),
    ).rowcount


def look_again(connection: Conn, site_id: str) -> None:
    """Queue the files that no guest got yesterday, and those that were read a week ago: a file may change unnoticed."""
    connection.execute(
        "UPDATE documents SET state = 'pending', attempts = 0, next_attempt_at = now(), priority = 1 "
        "WHERE site_id = %s AND file <> '' AND "
        "(state = 'failed' AND code = ANY(%s) AND next_attempt_at < now() - interval '1 day' "
        "OR state = 'indexed' AND indexed_at < now() - interval '7 days')",
        (site_id, list(FETCH_FAILURES)),
    )


def extend(connection: Conn, claimed: Sequence[Claimed], lease_s: float) -> None:
    """Extend the leases of documents that this worker still works on."""
    values = {
        "duration": timedelta(seconds=lease_s),
        "site_ids": [document.site_id for document in claimed],
        "post_ids": [document.post_id for document in claimed],
        "leases": list({document.lease for document in claimed}),
    }
    connection.execute(EXTEND, values)


@contextmanager
def heartbeat(database: Database, claimed: Sequence[Claimed], lease_s: float = LEASE_S) -> Iterator[None]:
    """Extend the leases while the block runs, from a thread with a connection of its own."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease_s / HEARTBEATS_PER_LEASE):
            try:
                with database.system() as connection:
                    extend(connection, claimed, lease_s)
            except RagAskError as error:
                log.warning("heartbeat", reason=error.message)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def settle(
    connection: Conn,
    site_id: str,
    documents: Sequence[Claimed],
    state: str,
    code: str = "",
    message: str = "",
    page_urls: Sequence[str] | None = None,
) -> set[int]:
    """Mark claimed documents of a site as done. Returns the posts whose lease was not lost to a newer push or another
    worker.

    page_urls: of a file; None keeps what was pushed.
    """
    rows = connection.execute(
        "UPDATE documents SET state = %s, code = %s, message = %s, indexed_at = now(), lease = NULL, "
        "leased_until = NULL, is_suspect = false, deaths = 0, page_urls = coalesce(%s, page_urls) "
        "FROM unnest(%s::bigint[], %s::uuid[]) AS held (post_id, lease) "
        "WHERE site_id = %s AND documents.post_id = held.post_id AND documents.lease = held.lease "
        "RETURNING documents.post_id",
        (
            state,
            code,
            message,
            None if page_urls is None else list(page_urls),
            [document.post_id for document in documents],
            [document.lease for document in documents],
            site_id,
        ),
    )
    return {row["post_id"] for row in rows}


def release(connection: Conn, document: Claimed) -> None:
    """Return a document to the queue as if it had not been claimed."""
    connection.execute(
        "UPDATE documents SET lease = NULL, leased_until = NULL WHERE site_id = %s AND post_id = %s AND lease = %s",
        (document.site_id, document.post_id, document.lease),
    )


def back_off(connection: Conn, document: Claimed, code: str, message: str, *, transient: bool, final: bool) -> str:
    """Back off (2, 4, 8 ... 256 seconds, with jitter). Return the new state; empty when the lease was lost.

    The document fails with its reason after eight attempts, or at once when `final`; never when `transient`.
    """
    row = connection.execute(
        BACK_OFF,
        {
            "code": code,
            "message": message[:500],
            "max_attempts": MAX_ATTEMPTS,
            "transient": transient,
            "version": VERSION,
            "final": final,
            "site_id": document.site_id,
            "post_id": document.post_id,
            "lease": document.lease,
        },
    ).fetchone()
    return row["state"] if row else ""
