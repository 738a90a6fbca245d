"""Site facts: what a search needs to know of its site before it starts, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag_ask.db import thresholds
from rag_ask.db.database import Conn
from rag_ask.db.thresholds import Thresholds
from rag_ask.retrieval import query

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
SELECT sites.chunk_count, sites.postings_at,
  EXISTS (SELECT FROM documents WHERE documents.site_id = %(site_id)s AND type = 'rag_ask_note') AS has_notes,
  ARRAY(SELECT language FROM spoken WHERE language IS NOT NULL LIMIT %(max_languages)s) AS languages,
  (SELECT ARRAY[min_score, sure_score] FROM thresholds WHERE embedder = %(embedder)s) AS thresholds
FROM (SELECT) AS nothing LEFT JOIN sites ON site_id = %(site_id)s
"""


@dataclass(frozen=True)
class SiteFacts:
    """languages: of the site's documents. thresholds: those that were measured for the embedder.

    postings_at: the site's postings hold every chunk that was stored before; None where there are none. has_notes: the
    owner wrote answers.
    """

    chunk_count: int
    languages: tuple[str, ...]
    thresholds: Thresholds
    postings_at: datetime | None = None
    has_notes: bool = False


def read(connection: Conn, site_id: str, embedder: str) -> SiteFacts:
    """The facts of a site whose questions this embedder reads."""
    values = {"site_id": site_id, "embedder": embedder, "max_languages": query.MAX_LANGUAGES}
    (row,) = connection.execute(FACTS, values, prepare=True).fetchall()
    measured = Thresholds(*row["thresholds"]) if row["thresholds"] else thresholds.of_package(embedder)
    return SiteFacts(row["chunk_count"] or 0, tuple(row["languages"]), measured, row["postings_at"], row["has_notes"])
