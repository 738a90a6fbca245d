"""Feed: documents that a command of the sidecar reads by itself -> the same rows that a push writes.

A version is the time in microseconds, or one more than the row's when the row is ahead: the later write always wins.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from rag_ask.db import incarnation, sites
from rag_ask.db.database import Conn, Database
from rag_ask.errors import RagAskError
from rag_ask.feeds.summary import Summary
from rag_ask.fields import storable
from rag_ask.indexing import documents
from rag_ask.indexing.quota import Quota, Room
from rag_ask.messages import Document, Upsert

BATCH = 50
TOMBSTONE = timedelta(days=30)
CONTENT = (
    "type", "title", "url", "html", "excerpt", "author", "terms", "language", "groups", "page_urls", "published_at",
)  # fmt: skip

Kind = Literal["pull", "files"]


@dataclass(frozen=True)
class Row:
    """What a document of the site is known by, without its text."""

    version: int
    type: str
    modified_at: datetime | None


class Feed:
    """The documents of one site, written in batches and counted."""

    def __init__(self, database: Database, site_id: str, summary: Summary, quota: Quota) -> None:
        self.database, self.site_id, self.summary, self.quota = database, site_id, summary, quota

    def rows(self) -> dict[int, Row]:
        """Every document that is not a tombstone, by id. One that is not proven looks unread, so it is read again."""
        with self.database.tenant(self.site_id) as connection:
            found = connection.execute(
                "SELECT post_id, version, type, "
                "CASE WHEN documents.incarnation = sites.incarnation THEN modified_at END AS modified_at "
                "FROM documents JOIN sites USING (site_id) WHERE site_id = %s AND state <> 'deleted'",
                (self.site_id,),
            ).fetchall()
        return {row["post_id"]: Row(row["version"], row["type"], row["modified_at"]) for row in found}

    def upsert(self, batch: Sequence[Document]) -> None:
        """Upsert what differs from its row, in one transaction. The versions given are ignored."""
        with self.database.tenant(self.site_id) as connection:
            sites.hold_for_writing(connection, self.site_id)
            rows = _whole_rows(connection, self.site_id, [document.id for document in batch])
            room = Room(connection, self.site_id, self.quota)
            for document in batch:
                row = rows.get(document.id)
                if row and _is_same(row, document):
                    self.summary.unchanged += 1
                    documents.confirm(connection, self.site_id, [document.id])
                    continue
                version = _version(row)
                change = Upsert(op="upsert", document=document.model_copy(update={"version": version}))
                result = documents.apply(connection, self.site_id, change, room)
                if result["result"] == "rejected":
                    self.summary.excluded[result["code"]].append(document.url)
                elif row and row["state"] != "deleted":
                    self.summary.changed += 1
                else:
                    self.summary.new += 1

    def delete(self, gone: Sequence[int], live: int, *, allow_mass_delete: bool) -> None:
        """Leave tombstones: from then on the documents are in no answer.

        live: how many documents the site has. Raises RagAskError, and deletes nothing, when more than half would go.
        """
        if len(gone) * 2 > live and not allow_mass_delete:
            raise RagAskError(
                "mass_delete",
                409,
                f"{len(gone)} of {live} documents are gone from the source, and none was deleted. "
                "If that is right, run it again with --allow-mass-delete",
            )
        for start in range(0, len(gone), BATCH):
            ids = gone[start : start + BATCH]
            with self.database.tenant(self.site_id) as connection:
                sites.hold_for_writing(connection, self.site_id)
                rows = _whole_rows(connection, self.site_id, ids)
                for post_id in ids:
                    documents.delete(connection, self.site_id, post_id, _version(rows.get(post_id)))
            self.summary.deleted += len(ids)

    def purge(self) -> None:
        """The run is over: remove old tombstones. No push can come late here, so nothing needs them for ever."""
        with self.database.tenant(self.site_id) as connection:
            incarnation.advance(connection, self.site_id, 0, None)
            connection.execute(
                "DELETE FROM documents WHERE site_id = %s AND state = 'deleted' AND pushed_at < now() - %s",
                (self.site_id, TOMBSTONE),
            )


def claim(connection: Conn, site_id: str, kind: Kind, source: str = "", *, adopt: bool = False) -> None:
    """Make the site this command's own. Two feeds of one site would take each other's ids.

    source: for `pull`, the address of the REST API. Raises RagAskError when the site is fed otherwise.
    """
    sites.find(connection, site_id)
    [row] = connection.execute(
        "SELECT fed_by, fed_from, EXISTS (SELECT FROM documents WHERE site_id = %(site_id)s) AS has_documents "
        "FROM sites WHERE site_id = %(site_id)s FOR UPDATE",
        {"site_id": site_id},
    ).fetchall()
    is_other = row["fed_from"] != source if row["fed_by"] else row["has_documents"]
    if row["fed_by"] not in ("", kind) or (is_other and kind == "files"):
        feed = f"rag-ask {row['fed_by']}" if row["fed_by"] else "the plugin"
        raise _fed_otherwise(site_id, feed, "")
    if is_other and not adopt:
        remedy = f"If {source} is the same WordPress, add: --adopt."
        raise _fed_otherwise(site_id, row["fed_from"] or "the plugin", remedy)
    connection.execute(
        "UPDATE sites SET fed_by = %s, fed_from = %s WHERE site_id = %s",
        (kind, source, site_id),
    )


def _fed_otherwise(site_id: str, feed: str, remedy: str) -> RagAskError:
    remedy = f"{remedy} Register another site for this: rag-ask sites add".strip()
    return RagAskError("fed_otherwise", 409, f"The documents of {site_id} come from {feed}. {remedy}")


def _whole_rows(connection: Conn, site_id: str, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found = connection.execute(
        "SELECT * FROM documents WHERE site_id = %s AND post_id = ANY(%s)", (site_id, list(ids))
    ).fetchall()
    return {row["post_id"]: row for row in found}


def _version(row: dict[str, Any] | None) -> int:
    now = time.time_ns() // 1000
    return max(now, row["version"] + 1) if row else now


def _is_same(row: dict[str, Any], document: Document) -> bool:
    if row["state"] == "deleted" or row["modified_at"] != document.modified_at:
        return False
    fields = document.model_dump(include=set(CONTENT))
    return all((storable(value) if isinstance(value, str) else value) == row[name] for name, value in fields.items())
