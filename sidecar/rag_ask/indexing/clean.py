"""Clean: a post's HTML -> blocks of visible text under their headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from html2text import HTML2Text
from selectolax.lexbor import LexborHTMLParser

from rag_ask.indexing.markup.copies import kept_lines
from rag_ask.indexing.markup.nesting import limit_nesting
from rag_ask.indexing.markup.outline import Outline, Section
from rag_ask.indexing.markup.pictures import descriptions
from rag_ask.indexing.markup.pieces import pieces
from rag_ask.indexing.markup.simplify import (
    FOLD,
    FOLD_END,
    HEADING_END,
    HEADING_STARTS,
    PAGE_END,
    PROTECTED,
    simplified,
)
from rag_ask.passage import BULLET, FIELD, PAGE
from rag_ask.text.normalize import normalize


@dataclass(frozen=True)
class Block:
    """The text under one heading, a line per paragraph, list item or table row. Outermost heading first.

    kind: PAGE, or FIELD and LABEL for metadata. page: from 1, in a post that its author divided into pages.
    """

    heading_path: tuple[str, ...]
    text: str
    kind: str = PAGE
    page: int = 1


_BULLET = "\ue008"
# They have no text of their own.
_ENDS = (FOLD_END, PAGE_END)
_SECTION_START = re.compile(f"([{HEADING_STARTS}{FOLD}{FOLD_END}{PAGE_END}])")
_MARKS = re.compile(f"[{HEADING_STARTS}{FOLD}{FOLD_END}{PAGE_END}{HEADING_END}{_BULLET}]")
_BREAKS = re.compile(r"<br>(?:\s*<br>)+")
_WHITE_SPACE = re.compile(r"\s+")
_EMPTY_ITEM = re.compile(r"\s*[0-9]+\.\s*")
_RESTORE = {ord(hidden): chr(plain) for plain, hidden in PROTECTED.items()}


def clean(html: str) -> list[Block]:
    """Turn the HTML of a post, however broken, into its visible text, block by block in reading order.

    What its pictures show is a FIELD block, a line each.
    """
    document = LexborHTMLParser(limit_nesting(html.encode("utf-8", "ignore").decode()), is_fragment=True)
    if document.root is None:
        return []
    alts: list[str] = []
    lines = (line for piece in pieces(simplified(document.root, alts)) for line in _lines(piece))
    blocks = [Block(path, "\n".join(text), page=page) for page, (path, text) in kept_lines(_sections(lines))]
    pictures = "\n".join(descriptions(alts, "\n".join(block.text for block in blocks)))
    return [*blocks, Block((), pictures, FIELD)] if pictures else blocks


def _lines(html: str) -> Iterator[str]:
    """Yield lines of text. Those of a heading begin with its level's character, or FOLD, and end with HEADING_END."""
    # html2text is slow on what deeply nested markup is flattened to, and quadratic in runs of white space. The lines of
    # <pre> are <br> already.
    html = _BREAKS.sub("<br>", _WHITE_SPACE.sub(" ", html))
    renderer = HTML2Text(bodywidth=0)
    renderer.ignore_links = renderer.ignore_images = renderer.ignore_emphasis = renderer.unicode_snob = True
    renderer.ul_item_mark = _BULLET
    # Its own escapes are the only backslashes left.
    text = renderer.handle(html).replace("\\", "")
    before, *sections = _SECTION_START.split(text)
    yield from before.split("\n")
    for mark, section in zip(sections[::2], sections[1::2], strict=True):
        heading, _, rest = ("", "", section) if mark in _ENDS else section.partition(HEADING_END)
        yield f"{mark}{heading}"
        yield from rest.split("\n")


def _sections(lines: Iterable[str]) -> Iterator[tuple[int, Section]]:
    """Yield the text under each heading with the number of its page."""
    outline = Outline()
    text: list[str] = []
    page = 1
    for line in lines:
        mark = _SECTION_START.match(line)
        words = _words(line)
        if mark is None:
            text += [words] if words else []
        elif words or mark[1] in _ENDS:
            yield from ((page, section) for section in outline.text(text))
            text = []
            for section in _ended(outline, mark[1], words):
                yield page, section
            page += mark[1] == PAGE_END
    for section in (*outline.text(text), *outline.end()):
        yield page, section


def _ended(outline: Outline, mark: str, words: str) -> Iterator[Section]:
    if mark == FOLD_END:
        yield from outline.end_fold()
    elif mark != PAGE_END:
        yield from outline.start(HEADING_STARTS.find(mark) + 1, words)


def _words(line: str) -> str:
    if _EMPTY_ITEM.fullmatch(line):
        return ""
    text = normalize("NFC", " ".join(_MARKS.sub("", line).split()).translate(_RESTORE))
    return f"{BULLET} {text}" if text and line.lstrip().startswith(_BULLET) else text
