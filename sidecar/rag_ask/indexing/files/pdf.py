"""PDF -> HTML, page by page, with the lines of pdfium."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pypdfium2 as pdfium
from pypdfium2 import raw

from rag_ask.errors import FileUnreadable
from rag_ask.indexing.files.extract import Extracted
from rag_ask.indexing.files.pdf_layout import body_height, page_html
from rag_ask.indexing.files.pdf_lines import Line, Word, lines_of

PAGE_BREAK = "<!--nextpage-->"
# A page of pictures may have a stamp or a number that is text.
MIN_LETTERS_PER_PAGE = 3
# The share of a page, at its head and at its foot, where headers and footers stand.
MARGIN = 0.1
BOLD_WEIGHT = 600
MAX_FONT_NAME = 100
_PROGRAM_TITLE = re.compile(r"^(?:microsoft (?:word|powerpoint)\b|untitled|document\d*$)|\.\w{2,5}$", re.IGNORECASE)
_LEADERS = re.compile(r"^[.·…_]{2,}$|^[.·…]$")
_SOFT_HYPHENS = {0x02, 0xFFFE, 0xAD}


def extract(body: bytes, max_pages: int) -> Extracted:
    """Raises FileUnreadable: encrypted, broken, too long, or pictures of text only."""
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", 0) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise FileUnreadable(
                "file_encrypted", "The PDF needs a password. Upload one that opens without."
            ) from error
        raise FileUnreadable("file_broken", "The PDF cannot be opened. Save it again and replace it.") from error
    count = len(document)
    if count > max_pages:
        raise FileUnreadable(
            "file_too_long",
            f"The PDF has {count} pages, {max_pages} are read. Divide it, or let the operator of the sidecar raise "
            "RAG_ASK_MAX_FILE_PAGES.",
        )
    whole = [_page(document, index) for index in range(count)]
    height = body_height([page.lines for page in whole])
    pages = _without_margins(whole, height)
    letters = sum(character.isalpha() for lines in pages for line in lines for character in line.text)
    if letters < MIN_LETTERS_PER_PAGE * count:
        raise FileUnreadable(
            "file_scanned",
            "Scanned: no text. The PDF holds pictures only. Recognize their text (OCR) and replace the file.",
        )
    html = PAGE_BREAK.join(f"<section>{page_html(lines, height)}</section>" for lines in pages)
    return Extracted(_title(document), html, count)


def _title(document: pdfium.PdfDocument) -> str:
    title = " ".join(str(document.get_metadata_value("Title")).split())
    return "" if _PROGRAM_TITLE.search(title) else title[:500]


@dataclass(frozen=True)
class Page:
    """number: from 1. height: in points."""

    number: int
    height: float
    lines: list[Line]


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    """A page; without lines when it cannot be read."""
    try:
        page = document[index]
        text = page.get_textpage()
    except pdfium.PdfiumError:
        return Page(index + 1, 1.0, [])
    try:
        return Page(index + 1, max(page.get_height(), 1.0), lines_of(_words(text)))
    finally:
        text.close()
        page.close()


def _words(text: pdfium.PdfTextPage) -> Iterator[Word | None]:
    """The words of a page in the order of the file; None where a line ends."""
    count = raw.FPDFText_CountChars(text.raw)
    codes = [raw.FPDFText_GetUnicode(text.raw, index) for index in range(max(count, 0))]
    for kind, group in groupby(range(len(codes)), key=lambda index: _kind(codes[index])):
        places = list(group)
        if kind == "end":
            yield None
        elif kind == "word":
            word = "".join("\u00ad" if codes[place] in _SOFT_HYPHENS else _character(codes[place]) for place in places)
            if not _LEADERS.match(word):
                yield _word(text, word, places[0], places[-1])


def _kind(code: int) -> str:
    if code in (0x0A, 0x0D):
        return "end"
    return "space" if (code <= 0x20 and code not in _SOFT_HYPHENS) or code in (0xA0, 0x3000) else "word"


def _character(code: int) -> str:
    # Halves of surrogate pairs come one by one; private use is what a font calls its pictures.
    return "" if 0xD800 <= code <= 0xF8FF or code > 0x10FFFF else chr(code)


def _word(text: pdfium.PdfTextPage, word: str, first: int, last: int) -> Word:
    left, bottom, right, top = text.get_charbox(first, loose=True)
    if last != first:
        right = text.get_charbox(last, loose=True)[2]
    return Word(word, left, right, bottom, top, _is_bold(text, first))


def _is_bold(text: pdfium.PdfTextPage, index: int) -> bool:
    if raw.FPDFText_GetFontWeight(text.raw, index) >= BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(MAX_FONT_NAME)
    raw.FPDFText_GetFontInfo(text.raw, index, name, MAX_FONT_NAME, None)
    return b"bold" in name.value.lower()


def _without_margins(pages: list[Page], height: float) -> list[list[Line]]:
    """Without the headers and footers that pages repeat, but for their first time, and without page numbers."""
    keys = [{_key(page, line) for line in page.lines if _is_margin(page, line, height)} for page in pages]
    counts = Counter(key for page_keys in keys for key in page_keys)
    seen: set[tuple[str, int]] = set()
    kept = []
    for page, page_keys in zip(pages, keys, strict=True):
        repeated = {key for key in page_keys if counts[key] >= max(2, len(pages) // 2)}
        known = {key for key in repeated if key in seen or "#" in key[0]}
        kept.append([line for line in page.lines if _key(page, line) not in known])
        seen |= repeated
    return kept


def _is_margin(page: Page, line: Line, height: float) -> bool:
    at = line.bottom / page.height
    return not MARGIN <= at <= 1 - MARGIN and line.height <= 1.05 * height


def _key(page: Page, line: Line) -> tuple[str, int]:
    """What a repeated line has in common: its place, and its text but for the page's number at the foot."""
    is_foot = line.bottom < MARGIN * page.height
    text = re.sub(rf"(?<!\d){page.number}(?!\d)", "#", line.text, count=1) if is_foot else line.text
    return text, round(line.bottom / 4)
