"""Text fragment: a quote -> a URL that scrolls to it (URL Fragment Text Directives, WICG). Pure."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import quote as percent_encoded

# Longer quotes are named by their two ends, which may lie in different blocks of the page.
MAX_WORDS = 12
END_WORDS = 4
# The start of a quote grows up to here until it stands once in its passage.
MAX_START_WORDS = 24
MAX_CHARACTERS = 120
MIN_ROWS = 2

# What a passage shows of a list or of the row of a table, and the page does not have in its text.
_CELL = re.compile(r"(?<=[^\s;:])([;:])\s++")
_EMPTY_CELL = "–"
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")
_WORD_END = re.compile(r"\s+|(?<=[、。，！？])")


def fragment_url(url: str, quote: str, passage: str) -> str:
    """The page's address with `#:~:text=start` or `start,end`; the plain address when there is no quote.

    passage: the text that the quote stands in. The start of a long quote grows until it stands there once, up to
    MAX_START_WORDS.
    """
    cells = _cells(_BULLET.sub("", quote.rstrip("… ")), passage)
    if not cells:
        return url
    is_long = len(quote) > MAX_CHARACTERS or len(_words(quote)) > MAX_WORDS
    # A text may not reach from one block into the next, but a range may.
    ends = _two_ends(cells, passage) if len(cells) > 1 or is_long else cells
    directive = ",".join(percent_encoded(end, safe="").replace("-", "%2D") for end in ends)
    return f"{url}{'' if '#' in url else '#'}:~:text={directive}"


def _cells(quote: str, passage: str) -> list[str]:
    """The parts of a row without its headers and group, which stand further up in the table.

    They are told by the other rows of the passage, which have them too.
    """
    counts = Counter(part for line in passage.split("\n") for part in _parts(line))
    cells = []
    for index, (part, separator) in enumerate(_parts(quote)):
        is_label = separator == ":" or (separator == ";" and index == 0)
        if not is_label or counts[part, separator] < MIN_ROWS:
            cells.append(part.strip())
    return [cell for cell in cells if cell.strip("| ") and cell != _EMPTY_CELL]


def _parts(line: str) -> list[tuple[str, str]]:
    """What stands between the separators of a line, each with the separator after it."""
    pieces = [*_CELL.split(line), ""]
    return list(zip(pieces[::2], pieces[1::2], strict=True))


def _two_ends(cells: list[str], passage: str) -> list[str]:
    first, last = _words(cells[0]), _words(cells[-1])
    count = min(END_WORDS, len(first))
    while count < min(len(first), MAX_START_WORDS) and passage.count("".join(first[:count]).strip()) > 1:
        count += 1
    start = "".join(first[:count]).strip()
    end = "".join(last[-END_WORDS:] if len(cells) > 1 else last[max(count, len(last) - END_WORDS) :]).strip()
    return [start, end] if end else [start]


def _words(text: str) -> list[str]:
    """The words, each with the white space after it. Where nothing is between them, what stands between commas."""
    words, start = [], 0
    for match in _WORD_END.finditer(text):
        if match.end() > start:
            words.append(text[start : match.end()])
            start = match.end()
    return [*words, text[start:]] if start < len(text) else words
