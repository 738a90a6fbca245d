"""Texts: the best of a ranking -> passages. What a chunk says is read for those that are looked at alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from psycopg.rows import tuple_row

from rag_ask.db.database import Conn, Database
from rag_ask.messages import Filter
from rag_ask.passage import Passage
from rag_ask.retrieval import filters
from rag_ask.retrieval.fuse import Candidate, Place
from rag_ask.tenant import Visitor

AT_ONCE = 16

# OFFSET 0 has them looked up one by one. The conditions hold again: a page may have changed since it was found.
READ = """
SELECT chunk.post_id, chunk.position, page.title, coalesce(page.page_urls[chunk.page - 1], page.url),
       chunk.heading_path, chunk.text, page.dated_at, chunk.kind, page.language
FROM unnest(%(posts)s::bigint[], %(positions)s::int[]) AS best (post_id, position)
CROSS JOIN LATERAL (
  SELECT post_id, position, page, heading_path, text, kind FROM chunks
  WHERE chunks.site_id = %(site_id)s AND chunks.post_id = best.post_id AND chunks.position = best.position OFFSET 0
) AS chunk
CROSS JOIN LATERAL (
  SELECT title, page_urls, url, coalesce(modified_at, published_at) AS dated_at, language FROM documents
  WHERE documents.site_id = %(site_id)s AND documents.post_id = best.post_id AND {readable} OFFSET 0
) AS page
"""


class Texts:
    """Reads what chunks say, for one visitor and one question, each once."""

    def __init__(self, database: Database, visitor: Visitor, wanted: Filter) -> None:
        self._database = database
        self._site_id = visitor.site.site_id
        self._statement = READ.format(readable=filters.readable(wanted))
        self._values = {"site_id": self._site_id, "groups": list(visitor.groups)} | filters.values(wanted)
        self._looked_for: set[Place] = set()
        self.found: dict[Place, Passage] = {}

    def read(self, connection: Conn, chunks: Sequence[Candidate]) -> None:
        """Read these chunks, as far as they are still there and may be read."""
        places = list(dict.fromkeys(chunk.place for chunk in chunks if chunk.place not in self._looked_for))
        if not places:
            return
        where = {"posts": [post_id for post_id, _ in places], "positions": [position for _, position in places]}
        with connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            rows = cursor.execute(self._statement, self._values | where, prepare=True).fetchall()
        self._looked_for.update(places)
        self.found |= {(row[0], row[1]): _passage(*row) for row in rows}

    def read_best(self, connection: Conn, rankings: Sequence[Sequence[Candidate]], characters: int) -> None:
        """Read the best of each ranking, until they have so many characters for each of them."""
        for start in range(0, max(map(len, rankings)), AT_ONCE):
            self.read(connection, [chunk for ranking in rankings for chunk in ranking[start : start + AT_ONCE]])
            if sum(len(passage.text) for passage in self.found.values()) >= characters * len(rankings):
                return

    def passages(self, ranked: Sequence[Candidate]) -> Iterator[Passage]:
        """What the chunks say, in their order and with their scores. Raises DatabaseUnavailable."""
        for start in range(0, len(ranked), AT_ONCE):
            part = ranked[start : start + AT_ONCE]
            if any(chunk.place not in self._looked_for for chunk in part):
                self._database.read(self._site_id, partial(self.read, chunks=part))
            for chunk in part:
                if passage := self.found.get(chunk.place):
                    yield replace(passage, score=chunk.score)


def _passage(
    post_id: int,
    position: int,
    title: str,
    url: str,
    heading_path: Sequence[str],
    text: str,
    modified_at: datetime | None,
    kind: str,
    language: str,
) -> Passage:
    return Passage(post_id, title, url, tuple(heading_path), text, 0.0, modified_at, kind, position, language)
