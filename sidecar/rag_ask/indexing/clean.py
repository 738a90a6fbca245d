"""Clean: a post's HTML -> blocks of visible text under their headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from html2text import HTML2Text
from selectolax.lexbor import LexborHTMLParser

from rag_ask.indexing.nesting import limit_nesting
from rag_ask.indexing.pieces import pieces
from rag_ask.indexing.simplify import CELL, HEADING_END, HEADING_STARTS, PROTECTED, simplified
from rag_ask.passage import BULLET, PAGE
from rag_ask.text.normalize import normalize


@dataclass(frozen=True)
class Block:
    """The text under one heading, a line per paragraph, list item or table row. Outermost heading first.

    kind: PAGE, or FIELD and LABEL for metadata.
    """

    heading_path: tuple[str, ...]
    text: str
    kind: str = PAGE


_BULLET = "\ue008"
_HEADING_START = re.compile(f"([{HEADING_STARTS}])")
_MARKS = re.compile(f"[{HEADING_STARTS}{HEADING_END}{_BULLET}]")
_BREAKS = re.compile(r"<br>(?:\s*<br>)+")
_WHITE_SPACE = re.compile(r"\s+")
_EMPTY_ITEM = re.compile(r"\s*[0-9]+\.\s*")
_RESTORE = {ord(hidden): chr(plain) for plain, hidden in PROTECTED.items()}


def clean(html: str) -> list[Block]:
    """Turn the HTML of a post, however broken, into its visible text, block by block in reading order."""
    document = LexborHTMLParser(limit_nesting(html.encode("utf-8", "ignore").decode()), is_fragment=True)
    if document.root is None:
        return []
    lines = (line for piece in pieces(simplified(document.root)) for line in _lines(piece))
    return list(_blocks(lines))


def _lines(html: str) -> Iterator[str]:
    """Yield lines of text; those of a heading begin with its level's character and end with HEADING_END."""
    # html2text is slow on what deeply nested markup is flattened to, and quadratic in runs of white space. The lines of
    # <pre> are <br> already.
    html = _BREAKS.sub("<br>", _WHITE_SPACE.sub(" ", html))
    renderer = HTML2Text(bodywidth=0)
    renderer.ignore_links = renderer.ignore_images = renderer.ignore_emphasis = renderer.unicode_snob = True
    renderer.ul_item_mark = _BULLET
    # Its own escapes are the only backslashes left.
    text = renderer.handle(html).replace("\\", "")
    before, *sections = _HEADING_START.split(text)
    yield from before.split("\n")
    for level, section in zip(sections[::2], sections[1::2], strict=True):
        heading, _, rest = section.partition(HEADING_END)
        yield f"{level}{heading}{HEADING_END}"
        yield from rest.split("\n")


def _blocks(lines: Iterable[str]) -> Iterator[Block]:
    path: list[tuple[int, str]] = []
    text: list[str] = []
    for line in lines:
        start = _HEADING_START.match(line)
        folded = _folded(line)
        if not start and folded:
            text.append(folded)
        elif start and folded:
            level = HEADING_STARTS.index(start[1]) + 1
            yield from _section(path, text, level)
            text = []
            while path and path[-1][0] >= level:
                path.pop()
            path.append((level, folded))
    yield from _section(path, text, 0)


def _section(path: list[tuple[int, str]], text: list[str], next_level: int) -> Iterator[Block]:
    """Yield the block under the last heading. A heading without text becomes text of its parent."""
    headings = tuple(heading for _, heading in path)
    if text:
        yield Block(headings, "\n".join(text))
    elif path and next_level <= path[-1][0]:
        yield Block(headings[:-1], headings[-1])


def _folded(line: str) -> str:
    if _EMPTY_ITEM.fullmatch(line):
        return ""
    cells = (" ".join(_MARKS.sub("", cell).split()) for cell in line.split(CELL))
    text = normalize("NFC", " | ".join(filter(None, cells)).translate(_RESTORE))
    return f"{BULLET} {text}" if text and line.lstrip().startswith(_BULLET) else text
