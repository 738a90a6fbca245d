"""Pieces: the simplified HTML of a whole post -> pieces of bounded size for html2text. Pure.

html2text has patterns that are quadratic in what they get, so it gets little at a time. A piece ends between two blocks
where that is possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

PIECE_CHARACTERS = 8_000
MAX_PIECE_CHARACTERS = 16_000
_LIST = re.compile(r'<(ol|ul)(?: start="(\d+)")?>')


def pieces(parts: Iterable[str]) -> Iterator[str]:
    """Join parts (one tag or one text each) to pieces. A piece within a list opens it again, with its next number."""
    piece: list[str] = []
    size = 0
    lists = _OpenLists()
    for part in (short for one in parts for short in _cut(one)):
        begins_block = part.startswith(("<div", "<li", "<ol", "<ul", "<br"))
        if size >= MAX_PIECE_CHARACTERS or (size >= PIECE_CHARACTERS and begins_block):
            yield "".join(piece)
            piece = [lists.reopened()]
            size = len(piece[0])
        piece.append(part)
        size += len(part)
        lists.see(part)
    yield "".join(piece)


def _cut(part: str) -> Iterator[str]:
    if len(part) <= PIECE_CHARACTERS:
        yield part
        return
    start = 0
    while start < len(part):
        end = start + PIECE_CHARACTERS
        # At a space, so that no word is cut, where there is one.
        space = part.rfind(" ", start, end) if end < len(part) else -1
        end = space + 1 if space > start else end
        yield part[start:end]
        start = end


class _OpenLists:
    """The lists that are open, each with the number of its next item (0 for bullets)."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []

    def see(self, part: str) -> None:
        if found := _LIST.fullmatch(part):
            self._open.append((found[1], int(found[2] or 1) if found[1] == "ol" else 0))
        elif part in ("</ol>", "</ul>"):
            del self._open[-1:]
        elif part == "<li>" and self._open and self._open[-1][0] == "ol":
            self._open[-1] = ("ol", self._open[-1][1] + 1)

    def reopened(self) -> str:
        return "".join(f'<ol start="{number}">' if tag == "ol" else "<ul>" for tag, number in self._open)
