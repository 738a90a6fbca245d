"""HTTP cache of `pull`: stored responses and validators, so that unchanged pages are not sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from rag_ask.db.database import Conn, Database

UNUSED = timedelta(days=30)


@dataclass(frozen=True)
class Page:
    """One page of a list, with what the server needs to say that it has not changed."""

    etag: str
    last_modified: str
    body: bytes
    page_count: int

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the page only if it changed (RFC 9110, 13.1)."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


class PullPages:
    """The pages of one site."""

    def __init__(self, database: Database, site_id: str) -> None:
        self._database, self._site_id = database, site_id

    def find(self, url: str) -> Page | None:
        """The page as it was when last asked for."""
        with self._database.tenant(self._site_id) as connection:
            row = connection.execute(
                "UPDATE pull_pages SET used_at = now() WHERE site_id = %s AND url = %s RETURNING *",
                (self._site_id, url),
            ).fetchone()
        return Page(row["etag"], row["last_modified"], bytes(row["body"]), row["page_count"]) if row else None

    def keep(self, url: str, page: Page) -> None:
        """Replace the page."""
        with self._database.tenant(self._site_id) as connection:
            connection.execute(
                "INSERT INTO pull_pages (site_id, url, etag, last_modified, body, page_count) "
                "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (site_id, url) DO UPDATE SET etag = excluded.etag, "
                "last_modified = excluded.last_modified, body = excluded.body, page_count = excluded.page_count",
                (self._site_id, url, page.etag, page.last_modified, page.body, page.page_count),
            )


def forget_unused(connection: Conn, site_id: str) -> None:
    """Delete the pages that no run has asked for in a month."""
    connection.execute("DELETE FROM pull_pages WHERE site_id = %s AND used_at < now() - %s", (site_id, UNUSED))
