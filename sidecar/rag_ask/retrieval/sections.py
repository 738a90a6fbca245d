"""Sections: a passage -> what the page says around it under the same heading, in the page's order."""

from __future__ import annotations

from dataclasses import dataclass

from rag_ask.db.database import Conn
from rag_ask.passage import PAGE, Passage

# A section is read so many chunks before its passage and after it: what is shown of it is a few hundred characters.
CHUNKS_AROUND = 8

AROUND = """
SELECT position, heading_path, text FROM chunks
WHERE site_id = %(site_id)s AND post_id = %(post_id)s AND kind = 'page'
  AND position BETWEEN %(position)s - %(around)s AND %(position)s + %(around)s
ORDER BY position
"""


HEADINGS = (
    "SELECT DISTINCT unnest(heading_path) AS heading FROM chunks "
    "WHERE site_id = %(site_id)s AND post_id = %(post_id)s LIMIT 200"
)


@dataclass(frozen=True)
class Line:
    """A line of a page, and the subheadings that it stands under within its section, outermost first.

    is_found: belongs to the passage that was retrieved.
    """

    text: str
    headings: tuple[str, ...] = ()
    is_found: bool = True


@dataclass(frozen=True)
class Section:
    """lines: under the passage's heading, in the page's order. page_headings: all of the page."""

    passage: Passage
    lines: tuple[Line, ...]
    page_headings: frozenset[str] = frozenset()


def read(connection: Conn, site_id: str, passage: Passage) -> Section:
    """The section of a passage. One that is gone meanwhile, and metadata, are the passage alone."""
    values = {"site_id": site_id, "post_id": passage.post_id, "position": passage.position, "around": CHUNKS_AROUND}
    rows = connection.execute(AROUND, values, prepare=True).fetchall() if passage.kind == PAGE else []
    by_position = {row["position"]: (tuple(row["heading_path"]), row["text"]) for row in rows}
    path = passage.heading_path
    if passage.position not in by_position or by_position[passage.position][0] != path:
        return alone(passage)
    first = last = passage.position
    while first - 1 in by_position and by_position[first - 1][0] == path:
        first -= 1
    while last + 1 in by_position and by_position[last + 1][0][: len(path)] == path:
        last += 1
    lines = tuple(
        Line(line.text, under[len(path) :], text in passage.text)
        for under, text in (by_position[position] for position in range(first, last + 1))
        for line in _lines(text)
    )
    found = connection.execute(HEADINGS, values, prepare=True).fetchall()
    return Section(passage, lines, frozenset(row["heading"] for row in found))


def alone(passage: Passage) -> Section:
    """The passage as a section of its own."""
    return Section(passage, _lines(passage.text))


def _lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(line) for line in text.split("\n") if line.strip())
