"""Site facts: what a search needs to know of its site before it starts, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag_ask.db import thresholds
from rag_ask.db.database import Conn
from rag_ask.db.thresholds import Thresholds
from rag_ask.retrieval import query
from rag_ask.tenant import Site

# Of so many sites a process remembers the facts.
MAX_KNOWN = 10_000

# The languages are read one by one from their index, however many documents there are.
FACTS = """
WITH RECURSIVE spoken (language) AS (
  (SELECT language FROM documents WHERE site_id = %(site_id)s AND state = 'indexed' ORDER BY language LIMIT 1)
  UNION ALL
  SELECT (
    SELECT documents.language FROM documents
    WHERE site_id = %(site_id)s AND state = 'indexed' AND documents.language > spoken.language
    ORDER BY documents.language LIMIT 1
  )
  FROM spoken WHERE spoken.language IS NOT NULL
)
SELECT sites.incarnation::text, sites.generation, sites.chunk_count, sites.postings_at,
  EXISTS (SELECT FROM documents WHERE documents.site_id = %(site_id)s AND type = 'rag_ask_note') AS has_notes,
  ARRAY(SELECT language FROM spoken WHERE language IS NOT NULL LIMIT %(max_languages)s) AS languages,
  (SELECT ARRAY[min_score, sure_score] FROM thresholds WHERE embedder = %(embedder)s) AS thresholds
FROM (SELECT) AS nothing LEFT JOIN sites ON site_id = %(site_id)s
"""


@dataclass(frozen=True)
class SiteFacts:
    """languages: of the site's documents. thresholds: those that were measured for the embedder.

    postings_at: the site's postings hold every chunk that was stored before; None where there are none. has_notes: the
    owner wrote answers. version: incarnation and generation of the site that they are of.
    """

    chunk_count: int
    languages: tuple[str, ...]
    thresholds: Thresholds
    postings_at: datetime | None = None
    has_notes: bool = False
    version: tuple[str, int] = ("", 0)


# By site and embedder.
_known: dict[tuple[str, str], SiteFacts] = {}


def of_site(connection: Conn, site: Site, embedder: str) -> SiteFacts:
    """The facts of a site whose questions this embedder reads. They are read anew once its generation has risen."""
    facts = _known.get((site.site_id, embedder))
    if facts is None or facts.version != (site.incarnation, site.generation):
        facts = read(connection, site.site_id, embedder)
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        _known[site.site_id, embedder] = facts
    return facts


def read(connection: Conn, site_id: str, embedder: str) -> SiteFacts:
    """The same as they are now."""
    values = {"site_id": site_id, "embedder": embedder, "max_languages": query.MAX_LANGUAGES}
    (row,) = connection.execute(FACTS, values, prepare=True).fetchall()
    return SiteFacts(
        row["chunk_count"] or 0,
        tuple(row["languages"]),
        Thresholds(*row["thresholds"]) if row["thresholds"] else thresholds.of_package(embedder),
        row["postings_at"],
        row["has_notes"],
        (row["incarnation"] or "", row["generation"] or 0),
    )
