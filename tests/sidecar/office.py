"""Small PDF, Word and Excel files, made by the tests that read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import docx
from docx.document import Document
from fpdf import FPDF
from openpyxl import Workbook


def pdf(*pages: Callable[[FPDF], object] | str, title: str = "", password: str = "") -> bytes:
    """A PDF with a page for each text, or for each function that draws one."""
    made = FPDF(format="A4")
    made.set_title(title)
    if password:
        made.set_encryption("owner", password)
    for page in pages:
        made.add_page()
        made.set_font("helvetica", size=11)
        if callable(page):
            page(made)
        else:
            made.multi_cell(0, 5, page)
    return bytes(made.output())


def rows(*lines: Sequence[str], columns: Sequence[int] = (20, 70, 110, 150), top: int = 40) -> Callable[[FPDF], None]:
    """Draws lines of cells that stand below each other, '' for none."""

    def draw(page: FPDF) -> None:
        for number, line in enumerate(lines):
            for column, cell in zip(columns, line, strict=False):
                page.text(column, top + 5 * number, cell)

    return draw


def word(fill: Callable[[Document], object], title: str = "") -> bytes:
    """A Word file that a function fills."""
    made = docx.Document()
    made.core_properties.title = title
    fill(made)
    return _saved(made)


def sheet(*lines: Sequence[object], title: str = "Prices", formats: dict[str, str] | None = None) -> bytes:
    """An Excel file of one sheet. formats: number formats by cell."""
    made = Workbook()
    made.active.title = title
    for line in lines:
        made.active.append(list(line))
    for place, number_format in (formats or {}).items():
        made.active[place].number_format = number_format
    return _saved(made)


def _saved(made: Document | Workbook) -> bytes:
    file = BytesIO()
    made.save(file)
    return file.getvalue()
