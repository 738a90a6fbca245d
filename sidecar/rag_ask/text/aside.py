"""Aside: the lines of a chunk that say something about a page and do not stand on it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag_ask.text.invisible import strip_invisible

# Nobody sees them, and no post can write them: `simplify` takes such signs out of texts, `ground` out of what a model
# reads, and neither words nor their stems hold them.
BESIDE, LABEL = "\u2063", "\u2064"


@dataclass(frozen=True)
class Line:
    """is_on_page: not an excerpt or a field. is_label: a term or an author, which say nothing by themselves."""

    text: str
    is_on_page: bool
    is_label: bool


def lines(text: str) -> Iterator[Line]:
    """Yield the lines of a passage's text."""
    for line in text.split("\n"):
        is_label = line.startswith(LABEL)
        yield Line(strip_invisible(line), not is_label and not line.startswith(BESIDE), is_label)
