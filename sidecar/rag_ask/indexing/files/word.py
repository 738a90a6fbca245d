"""Word files (.docx) -> HTML, by mammoth: headings, lists, merged cells, footnotes; deleted words stay out."""

from __future__ import annotations

import re
from io import BytesIO

import mammoth
from selectolax.lexbor import LexborHTMLParser

from rag_ask.errors import FileUnreadable
from rag_ask.indexing.files.archive import checked_archive, title_of
from rag_ask.indexing.files.extract import Extracted
from rag_ask.indexing.files.table_head import names_columns

STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def extract(body: bytes) -> Extracted:
    """Raises FileUnreadable."""
    with checked_archive(body) as archive:
        title = title_of(archive)
    try:
        found = mammoth.convert_to_html(
            BytesIO(body), style_map=STYLES, convert_image=mammoth.images.img_element(lambda image: {})
        )
    except MemoryError:
        raise
    except Exception as error:
        raise FileUnreadable("file_broken", "The Word file cannot be opened. Save it again and replace it.") from error
    return Extracted(title, _with_heads(found.value))


def _with_heads(html: str) -> str:
    """Mark the first row of a table as its head where the file does not say so."""
    if "<table" not in html:
        return html
    document = LexborHTMLParser(html, is_fragment=True)
    marked = document.html or ""
    for table in document.css("table"):
        rows = table.css("tr")
        texts = [[cell.text(strip=True) for cell in row.css("td, th")] for row in rows]
        if rows and table.css_first("th") is None and names_columns(texts):
            row = rows[0].html or ""
            whole = table.html or ""
            marked = marked.replace(whole, whole.replace(row, re.sub(r"(</?)td\b", r"\1th", row), 1), 1)
    return marked
