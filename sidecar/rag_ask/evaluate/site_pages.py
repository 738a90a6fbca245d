"""Site pages: what a site has pushed -> a dataset without questions."""

from __future__ import annotations

from rag_ask.db.database import Database
from rag_ask.errors import BadRequest
from rag_ask.evaluate.dataset import Dataset, Document

# A larger site is measured by the newest of them.
MAX_PAGES = 1000


def of_site(database: Database, site_id: str) -> Dataset:
    """The public pages of a site. Raises BadRequest when it has none."""
    with database.tenant(site_id) as connection:
        rows = connection.execute(
            "SELECT post_id, title, html, url, language FROM documents WHERE site_id = %s AND state = 'indexed' "
            "AND 'public' = ANY(groups) ORDER BY post_id DESC LIMIT %s",
            (site_id, MAX_PAGES),
        ).fetchall()
    if not rows:
        raise BadRequest("invalid_dataset", f"{site_id}: no public page of this site is indexed.")
    pages = [
        Document(
            id=str(row["post_id"]),
            site=site_id,
            title=row["title"],
            html=row["html"],
            url=row["url"],
            language=row["language"],
        )
        for row in rows
    ]
    return Dataset(site_id, tuple(pages), ())
