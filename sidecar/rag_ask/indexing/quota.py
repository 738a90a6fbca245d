"""Quota: how much one site may store, so that it leaves disk and time to the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from rag_ask.db.database import Conn
from rag_ask.errors import QuotaExceeded
from rag_ask.messages import Document
from rag_ask.settings import Settings

BYTES_PER_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Quota:
    """The most that a site may store. html_bytes: of all its documents together, in UTF-8."""

    documents: int = 100_000
    html_bytes: int = 1000 * BYTES_PER_MEGABYTE
    chunks: int = 500_000


def quota_of(settings: Settings) -> Quota:
    """The operator's quota; the same for every site."""
    html_bytes = settings.max_site_megabytes * BYTES_PER_MEGABYTE
    return Quota(settings.max_site_documents, html_bytes, settings.max_site_chunks)


class Room:
    """What a site may still store; true for one transaction that holds `locks.hold_site`."""

    def __init__(self, connection: Conn, site_id: str, quota: Quota) -> None:
        self._connection, self._site_id, self._quota = connection, site_id, quota
        self.count_again()

    def count_again(self) -> None:
        """Forget what was counted, because a document was deleted."""
        self._stored: tuple[int, int] | None = None

    def admit(self, document: Document) -> None:
        """Count a document in. Raises QuotaExceeded when it is one too many, or longer than there is room for."""
        documents, html_bytes = self._stored or self._count("true")
        before, bytes_before = self._count("post_id = %(post_id)s", post_id=document.id)
        new = 1 - before
        longer = len(document.html.encode("utf-8", "ignore")) - bytes_before
        if new and documents >= self._quota.documents:
            raise QuotaExceeded("documents", "RAG_ASK_MAX_SITE_DOCUMENTS", self._quota.documents)
        if longer > 0 and html_bytes + longer > self._quota.html_bytes:
            raise QuotaExceeded("bytes", "RAG_ASK_MAX_SITE_MEGABYTES", self._quota.html_bytes)
        self._stored = (documents + new, html_bytes + longer)

    def _count(self, which: LiteralString, **values: object) -> tuple[int, int]:
        [row] = self._connection.execute(
            "SELECT count(*) AS documents, coalesce(sum(octet_length(html)), 0)::bigint AS bytes FROM documents "
            f"WHERE site_id = %(site_id)s AND state <> 'deleted' AND {which}",
            {"site_id": self._site_id} | values,
        ).fetchall()
        return row["documents"], row["bytes"]


def chunk_count(connection: Conn, site_id: str) -> int:
    """How many chunks a site has."""
    [row] = connection.execute("SELECT chunk_count FROM sites WHERE site_id = %s", (site_id,)).fetchall()
    count: int = row["chunk_count"]
    return count


def check_chunks(others: int, count: int, quota: Quota) -> None:
    """Is there room for `count` chunks of a document beside these of others? Raises QuotaExceeded."""
    if others + count > quota.chunks:
        raise QuotaExceeded("chunks", "RAG_ASK_MAX_SITE_CHUNKS", quota.chunks)
