"""Depart: send a site to another sidecar while it is asked and pushed to. Run again, it goes on where it stopped."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from rag_ask.db import active_embedder, locks, migrate, sites
from rag_ask.db.database import Database
from rag_ask.errors import BadRequest
from rag_ask.moves import counted, rows

PAGE = 500
# Documents that are read at a time.
TOGETHER = 20
# Of one request, before it is packed.
MAX_BYTES = 2 * 1024 * 1024
# So few documents are sent while nobody may write.
FEW = 50
MAX_ROUNDS = 20
EMPTY_S = 600

Send = Callable[[str, dict[str, Any]], dict[str, Any]]


class Progress(Protocol):
    """Told of what was compared and sent."""

    def __call__(self, what: str, count: int) -> None:
        """count: how many more."""


def move(database: Database, send: Send, site_id: str, to: str, progress: Progress, wait_s: float) -> None:
    """Move the site to the sidecar at `to`, then delete its content here. send: a step and its message.

    wait_s: for how long answers that are under way may take. Raises BadRequest, and what `send` raises.
    """
    if _begin(database, send, site_id, to) == "arriving":
        for _ in range(MAX_ROUNDS):
            if _send_documents(database, send, site_id, progress) <= FEW:
                break
        _pause(database, site_id)
        try:
            while _send_documents(database, send, site_id, progress):
                pass
            for table in rows.OTHERS:
                _send_table(database, send, site_id, table, progress)
            _send_usage(database, send, site_id)
        except BaseException:
            resume(database, site_id)
            raise
        # Not resumed when this fails: it may have arrived. The next run finds out.
        send("finish", {"site": _site(database, site_id)})
    _leave(database, site_id, to)
    time.sleep(wait_s)
    _send_usage(database, send, site_id)
    _hand_over_questions(database, send, site_id)
    _empty(database, site_id)


def resume(database: Database, site_id: str) -> None:
    """Let pushes and the worker write again."""
    with database.system() as connection:
        locks.hold_site(connection, site_id)
        connection.execute("UPDATE sites SET moving = '' WHERE site_id = %s AND moving = 'out'", (site_id,))
        connection.execute(
            "UPDATE documents SET next_attempt_at = now() WHERE site_id = %s AND next_attempt_at = 'infinity'",
            (site_id,),
        )


def _begin(database: Database, send: Send, site_id: str, to: str) -> str:
    site = _site(database, site_id)
    if site["moved_to"] not in ("", to):
        raise BadRequest("site_moved", f"{site_id} moved to {site['moved_to']}. Run this there.", 409)
    if site["moving"] == "in":
        raise BadRequest("site_arriving", f"{site_id} is on its way here. Finish that move first.", 409)
    if site["moved_to"]:
        return "live"
    with database.system() as connection:
        embedder, applied = active_embedder.of_texts(connection), migrate.applied(connection)
    state: str = send("begin", {"site": site, "embedder": embedder, "migrations": applied})["state"]
    if state == "live" and site["moving"] != "out":
        raise BadRequest("site_exists", f"There is a site {site_id} at {to}. Remove it there first.", 409)
    return state


def _send_documents(database: Database, send: Send, site_id: str, progress: Progress) -> int:
    """Send what differs, and return how many documents that were."""
    sent = after = 0
    while True:
        with database.tenant(site_id) as connection:
            row = connection.execute(
                "SELECT max(post_id) AS last, count(*) FROM (SELECT post_id FROM documents "
                "WHERE site_id = %s AND post_id > %s ORDER BY post_id LIMIT %s) AS page",
                (site_id, after, PAGE),
            ).fetchone()
            is_last = row is None or row["count"] < PAGE
            until = 2**63 - 1 if row is None or is_last else row["last"]
            known = rows.fingerprints(connection, site_id, after, until)
        ids = send("compare", {"site_id": site_id, "after": after, "until": until, "documents": known})["differing"]
        for start in range(0, len(ids), TOGETHER):
            _send_some(database, send, site_id, ids[start : start + TOGETHER])
            progress("documents", len(ids[start : start + TOGETHER]))
        sent, after = sent + len(ids), until
        if is_last:
            return sent


def _send_some(database: Database, send: Send, site_id: str, post_ids: list[int]) -> None:
    # What changes between the two reads differs at the next comparison.
    for table in (rows.DOCUMENTS, rows.CHUNKS):
        with database.tenant(site_id) as connection:
            found = rows.of_documents(connection, table, site_id, post_ids)
        for part in _parts(found):
            send("rows", {"site_id": site_id, "table": table, "rows": part})


def _send_table(database: Database, send: Send, site_id: str, table: str, progress: Progress) -> None:
    last = None
    while True:
        with database.system() as connection:
            found = rows.page(connection, table, site_id, last, PAGE)
        for part in _parts(found):
            send("rows", {"site_id": site_id, "table": table, "rows": part})
            progress("other rows", len(part))
        if len(found) < PAGE:
            return
        last = found[-1]


def _send_usage(database: Database, send: Send, site_id: str) -> None:
    """All of it each time: the other side adds what it does not know."""
    with database.tenant(site_id) as connection:
        found = counted.by_origin(connection, site_id)
    for part in _parts(found):
        send("usage", {"site_id": site_id, "rows": part})


def _hand_over_questions(database: Database, send: Send, site_id: str) -> None:
    """Those noted here since they were sent. One that is noted later still waits for the next run."""
    purged_at = _site(database, site_id)["purged_at"]
    while True:
        with database.system() as connection:
            found = rows.page(connection, "questions", site_id, None, PAGE)
        if not found:
            return
        for part in _parts(found):
            send("questions", {"site_id": site_id, "purged_at": purged_at, "rows": part})
        with database.system() as connection:
            ids = [row["id"] for row in found]
            connection.execute("DELETE FROM questions WHERE site_id = %s AND id = ANY(%s::uuid[])", (site_id, ids))


def _parts(found: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    size = 0
    for row in found:
        part.append(row)
        size += len(json.dumps(row))
        if size > MAX_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def packed(message: dict[str, Any]) -> bytes:
    """The message as it is sent."""
    return gzip.compress(json.dumps(message).encode(), compresslevel=1)


def _pause(database: Database, site_id: str) -> None:
    """Nobody writes the site's content from now on; questions are answered."""
    with database.system() as connection:
        # After every push that was under way. What comes later looks at `moving` again.
        locks.hold_site(connection, site_id)
        connection.execute("UPDATE sites SET moving = 'out' WHERE site_id = %s", (site_id,))
        # A worker that holds a document loses it.
        connection.execute(
            "UPDATE documents SET lease = NULL, leased_until = NULL, next_attempt_at = 'infinity' "
            "WHERE site_id = %s AND state = 'pending'",
            (site_id,),
        )


def _leave(database: Database, site_id: str, to: str) -> None:
    with database.system() as connection:
        connection.execute("UPDATE sites SET moving = '', moved_to = %s WHERE site_id = %s", (to, site_id))


def _empty(database: Database, site_id: str) -> None:
    """Keep the keys alone, by which requests are known and passed on."""
    with database.system() as connection:
        connection.execute(f"SET LOCAL statement_timeout = '{EMPTY_S}s'")
        sites.empty(connection, site_id)


def _site(database: Database, site_id: str) -> dict[str, Any]:
    with database.system() as connection:
        sites.find(connection, site_id)
        [row] = rows.page(connection, "sites", site_id, None, 1)
    return row
