"""Extract: the bytes of a file -> title and HTML. The libraries are loaded here, in the process of `sandbox`."""

from __future__ import annotations

from dataclasses import dataclass

from rag_ask.errors import FileUnreadable

KINDS = ("pdf", "docx", "xlsx")
MAX_HTML_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Limits:
    """The most that is read of one file. seconds: to fetch it, and again of processor time to read it."""

    max_bytes: int = 20_000_000
    max_pages: int = 500
    seconds: int = 30


@dataclass(frozen=True)
class Extracted:
    """title: as the file names itself, or ''. html: the pages with `<!--nextpage-->` between them.

    pages: how many have an address of their own, `#page=2` and on; 1 where a file has no pages.
    """

    title: str
    html: str
    pages: int = 1


def extract(kind: str, body: bytes, max_pages: int = Limits.max_pages) -> Extracted:
    """Read a file of one of KINDS, whatever its name says. Raises FileUnreadable with the reason."""
    if not body.startswith(b"PK\x03\x04" if kind != "pdf" else b"%PDF-") and not _has_pdf_header(kind, body):
        raise FileUnreadable("file_broken", f"The file is no {kind.upper()}, whatever its name says. Upload it again.")
    if kind == "pdf":
        from rag_ask.indexing.files import pdf

        found = pdf.extract(body, max_pages)
    elif kind == "docx":
        from rag_ask.indexing.files import word

        found = word.extract(body)
    else:
        from rag_ask.indexing.files import sheets

        found = sheets.extract(body)
    if len(found.html) > MAX_HTML_CHARACTERS:
        raise FileUnreadable(
            "file_too_long", f"The file has more than {MAX_HTML_CHARACTERS:,} characters of text. Divide it."
        )
    return found


def page_urls(url: str, pages: int) -> list[str]:
    """The addresses of the second page and those after it, as PDF viewers open them (RFC 8118)."""
    return [f"{url}#page={number}" for number in range(2, pages + 1)]


def _has_pdf_header(kind: str, body: bytes) -> bool:
    """Viewers accept a header that is not at the very start."""
    return kind == "pdf" and b"%PDF-" in body[:1024]
