"""Layout: the lines of a PDF's page -> headings, paragraphs, lists and tables as HTML. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from rag_ask.indexing.files.pdf_lines import Line
from rag_ask.indexing.files.pdf_tables import table_html, table_runs

HEADING_RATIO = 1.15
MAX_HEADING_CHARACTERS = 150
# A wider gap between two lines, in heights of a line, parts two paragraphs.
PARAGRAPH_GAP = 0.75
_BULLET = re.compile(r"^[•‣▪▫●○◦■□➢➤✓✔*–-]\s+(?=\S)")
_ITEM = re.compile(r"^(?:[•‣▪▫●○◦■□➢➤✓✔*–-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;。！？]['\")\]»”]*$")


def body_height(pages: Sequence[Sequence[Line]]) -> float:
    """The height of most characters, in points."""
    counts: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            counts[round(line.height * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def page_html(lines: Sequence[Line], height: float) -> str:
    """The HTML of one page. height: from body_height()."""
    html: list[str] = []
    start = 0
    for first, after in table_runs(lines):
        html += _text_html(lines[start:first], height)
        html.append(table_html(lines[first:after]))
        start = after
    return "".join([*html, *_text_html(lines[start:], height)])


def _text_html(lines: Sequence[Line], height: float) -> Iterator[str]:
    right = max((line.right for line in lines), default=0.0)
    group: list[Line] = []
    for index, line in enumerate(lines):
        if group and not _continues(group[-1], line, right, height):
            yield _group_html(group, height, has_text_below=True)
            group = []
        group.append(line)
        if index == len(lines) - 1:
            yield _group_html(group, height, has_text_below=False)


def _continues(before: Line, line: Line, right: float, height: float) -> bool:
    """Whether a line goes on with the paragraph, the item or the heading of the line before it."""
    if abs(line.height - before.height) > 0.1 * before.height or line.is_bold != before.is_bold:
        return False
    gap = before.bottom - (line.bottom + line.height)
    if not -0.6 * line.height <= gap <= PARAGRAPH_GAP * line.height or _ITEM.match(line.text):
        return False
    if line.text[:1].islower() or before.text[-1:] in "-\u00ad,":
        return True
    # A line that was broken, not ended: the next word had no room in it.
    average = (before.right - before.left) / max(len(before.text), 1)
    room = right - before.right
    return room < average * (len(line.words[0].text) + 1)


def _group_html(group: Sequence[Line], height: float, *, has_text_below: bool) -> str:
    text = _joined(group)
    if level := _heading_level(group, text, height, has_text_below=has_text_below):
        return f"<h{level}>{escape(text)}</h{level}>"
    if bullet := _BULLET.match(text):
        return f"<ul><li>{escape(text[bullet.end() :])}</li></ul>"
    return f"<p>{escape(text)}</p>"


def _heading_level(group: Sequence[Line], text: str, height: float, *, has_text_below: bool) -> int:
    """The level of a heading by its size; 0 for other text."""
    if len(text) > MAX_HEADING_CHARACTERS or not any(character.isalpha() for character in text):
        return 0
    ratio = group[0].height / height if height else 1.0
    if ratio >= HEADING_RATIO:
        return 2 if ratio >= 1.8 else 3 if ratio >= 1.4 else 4
    is_title = group[0].is_bold and len(group) == 1 and not _SENTENCE_END.search(text) and has_text_below
    return 5 if is_title and ratio >= 0.95 else 0


def _joined(lines: Sequence[Line]) -> str:
    """The text of lines, words that a hyphen divides put together."""
    text = ""
    for line in lines:
        if text.endswith("\u00ad") or (re.search(r"[^\W\d_]-$", text) and line.text[:1].islower()):
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}" if text else line.text
    return text.replace("\u00ad", "")
