"""Tried questions: made from headings, asked by the worker, answered by their own section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rag_ask.db.database import Conn


@dataclass(frozen=True)
class TriedQuestion:
    """position: of the heading on its page. confidence: in [0, 1], of its answer."""

    question: str
    position: int
    confidence: float


# Pages come before posts, because a page is what visitors ask about; the newest of each come first.
DUE = """
SELECT post_id, title, language, now() AS began_at FROM (
  SELECT post_id, title, language, type, modified_at, tried_at, coalesce(stored_at, indexed_at) AS stored_at
  FROM documents WHERE site_id = %(site_id)s AND state = 'indexed' AND 'public' = ANY(groups)
  ORDER BY (type = 'page') DESC, modified_at DESC NULLS LAST, post_id LIMIT %(most)s
) AS first WHERE tried_at IS NULL OR tried_at < stored_at
ORDER BY (type = 'page') DESC, modified_at DESC NULLS LAST, post_id LIMIT %(limit)s
"""

# A heading that several pages have says nothing of one of them.
HEADINGS = """
SELECT heading, position FROM (
  SELECT heading_path[cardinality(heading_path)] AS heading, min(position) AS position FROM chunks
  WHERE site_id = %(site_id)s AND post_id = %(post_id)s AND kind = 'page' AND heading_path <> '{}' GROUP BY 1
) AS own WHERE NOT EXISTS (
  SELECT FROM chunks WHERE site_id = %(site_id)s AND post_id <> %(post_id)s
    AND heading_path[cardinality(heading_path)] = heading
) ORDER BY position LIMIT %(limit)s
"""

# Stored again meanwhile: then these are of what was there before.
MARK = """
UPDATE documents SET tried_at = %(began_at)s WHERE site_id = %(site_id)s AND post_id = %(post_id)s
  AND state = 'indexed' AND coalesce(stored_at, indexed_at) <= %(began_at)s
"""

# The best of each page first, so that they are about different pages.
SUGGESTED = """
SELECT question, title, url FROM (
  SELECT question, confidence, title, url, type,
         question ~ '[?？؟]\\W*$' AS asks,
         row_number() OVER (
           PARTITION BY post_id ORDER BY question ~ '[?？؟]\\W*$' DESC, confidence DESC, position
         ) AS place
  FROM tried_questions JOIN documents USING (site_id, post_id)
  WHERE site_id = %(site_id)s AND state = 'indexed' AND 'public' = ANY(groups)
) AS tried ORDER BY place, asks DESC, (type = 'page') DESC, confidence DESC, question LIMIT %(limit)s
"""

OF_DOCUMENTS = """
SELECT question FROM tried_questions WHERE site_id = %(site_id)s AND post_id = ANY(%(post_ids)s)
ORDER BY array_position(%(post_ids)s, post_id), position LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Due:
    """A document whose headings are to be tried. began_at: the database's time, for `replace`."""

    post_id: int
    title: str
    language: str
    began_at: datetime


def due(connection: Conn, site_id: str, most: int, limit: int) -> list[Due]:
    """Up to `limit` documents to try, of the site's first `most`."""
    rows = connection.execute(DUE, {"site_id": site_id, "most": most, "limit": limit})
    return [Due(**row) for row in rows]


def headings(connection: Conn, site_id: str, post_id: int, limit: int) -> list[tuple[str, int]]:
    """The headings that only this document has, with the position of each."""
    rows = connection.execute(HEADINGS, {"site_id": site_id, "post_id": post_id, "limit": limit})
    return [(row["heading"], row["position"]) for row in rows]


def replace(connection: Conn, site_id: str, document: Due, tried: Sequence[TriedQuestion]) -> None:
    """Keep what was tried of a document, unless it was stored again since `document.began_at`."""
    named = {"site_id": site_id, "post_id": document.post_id, "began_at": document.began_at}
    if connection.execute(MARK, named).rowcount == 0:
        return
    delete(connection, site_id, [document.post_id])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO tried_questions (site_id, post_id, question, position, confidence) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(site_id, document.post_id, one.question, one.position, one.confidence) for one in tried],
        )


def delete(connection: Conn, site_id: str, post_ids: Sequence[int]) -> None:
    """Forget those of documents that are stored anew or withdrawn."""
    connection.execute(
        "DELETE FROM tried_questions WHERE site_id = %s AND post_id = ANY(%s)", (site_id, list(post_ids))
    )


def suggested(connection: Conn, site_id: str, limit: int) -> list[dict[str, str]]:
    """The best of the site, each with title and url of the page that answers it."""
    rows = connection.execute(SUGGESTED, {"site_id": site_id, "limit": limit})
    return [dict(row) for row in rows]


def of_documents(connection: Conn, site_id: str, post_ids: Sequence[int], limit: int) -> list[str]:
    """Those of some documents, in the order of these and of their pages."""
    rows = connection.execute(
        OF_DOCUMENTS, {"site_id": site_id, "post_ids": list(post_ids), "limit": limit}, prepare=True
    )
    return [row["question"] for row in rows]
