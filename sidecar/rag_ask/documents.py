"""Documents: the table that holds every post as pushed, and is the queue of what is still to be indexed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from rag_ask import store
from rag_ask.database import Conn
from rag_ask.messages import Delete, Document, Upsert, storable

MAX_ATTEMPTS = 8
LEASE = timedelta(seconds=60)

UPSERT = """
INSERT INTO documents AS old (site_id, post_id, version, state, type, title, url, html, language, groups,
                              published_at, modified_at, content_hash)
VALUES (%(site_id)s, %(post_id)s, %(version)s, 'pending', %(type)s, %(title)s, %(url)s, %(html)s, %(language)s,
        %(groups)s, %(published_at)s, %(modified_at)s, %(content_hash)s)
ON CONFLICT (site_id, post_id) DO UPDATE SET
  version = excluded.version, type = excluded.type, title = excluded.title, url = excluded.url,
  html = excluded.html, language = excluded.language, groups = excluded.groups,
  published_at = excluded.published_at, modified_at = excluded.modified_at,
  content_hash = excluded.content_hash, pushed_at = now(),
  -- The same text again needs no indexing: its chunks are there.
  state = CASE WHEN old.state IN ('indexed', 'skipped') AND old.content_hash = excluded.content_hash
               THEN old.state ELSE 'pending' END,
  code = CASE WHEN old.state IN ('indexed', 'skipped') AND old.content_hash = excluded.content_hash
              THEN old.code ELSE '' END,
  attempts = 0, next_attempt_at = now(), leased_until = NULL, lease = NULL
WHERE old.version < excluded.version
RETURNING state
"""

DELETE = """
INSERT INTO documents AS old (site_id, post_id, version, state)
VALUES (%(site_id)s, %(post_id)s, %(version)s, 'deleted')
ON CONFLICT (site_id, post_id) DO UPDATE SET
  version = excluded.version, state = 'deleted', title = '', url = '', html = '', groups = '{}', content_hash = '',
  pushed_at = now(), code = '', message = '', lease = NULL, leased_until = NULL
WHERE old.version < excluded.version
RETURNING state
"""

# A lease that ran out belongs to a dead worker; attempts are counted here, so a document that kills
# its worker is given up like any other.
CLAIM = """
UPDATE documents SET lease = %(lease)s, leased_until = now() + %(duration)s, attempts = documents.attempts + 1
FROM (
  SELECT site_id, post_id FROM documents
  WHERE state = 'pending' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until < now())
  ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) AS due
WHERE documents.site_id = due.site_id AND documents.post_id = due.post_id
RETURNING documents.*
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
    language: str


def apply(connection: Conn, site_id: str, change: Upsert | Delete) -> dict[str, Any]:
    """Write one change and return its result. Only a higher version than the row's changes anything.

    The caller holds the site's store lock.
    """
    if isinstance(change, Upsert):
        post_id, version = change.document.id, change.document.version
        row = connection.execute(UPSERT, _columns(site_id, change.document)).fetchone()
    else:
        post_id, version = change.id, change.version
        row = connection.execute(DELETE, {"site_id": site_id, "post_id": post_id, "version": version}).fetchone()
        if row is not None:
            store.replace(connection, site_id, post_id, [])
    return {"id": post_id, "version": version, "result": "accepted" if row else "stale"}


def _columns(site_id: str, document: Document) -> dict[str, Any]:
    columns = document.model_dump(exclude={"id"})
    for name in ("type", "title", "url", "html", "language"):
        columns[name] = storable(columns[name])
    columns["groups"] = [storable(group) for group in columns["groups"]]
    content = "\x00".join((columns["title"], columns["language"], columns["html"]))
    return columns | {
        "site_id": site_id,
        "post_id": document.id,
        "content_hash": hashlib.sha256(content.encode()).digest(),
    }


def claim(connection: Conn, limit: int) -> list[Claimed]:
    """Lease up to `limit` documents that are due, oldest first."""
    rows = connection.execute(CLAIM, {"lease": uuid4(), "duration": LEASE, "limit": limit}).fetchall()
    names = Claimed.__dataclass_fields__
    return [Claimed(**{name: row[name] for name in names}) for row in rows]


def extend_leases(connection: Conn, claimed: list[Claimed]) -> None:
    """Tell that this worker is alive and still at it."""
    connection.execute(
        "UPDATE documents SET leased_until = now() + %s WHERE lease = ANY(%s)",
        (LEASE, list({document.lease for document in claimed})),
    )


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
