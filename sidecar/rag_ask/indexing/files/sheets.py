"""Excel files (.xlsx) -> a table for each visible sheet, its cells as the sheet shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from rag_ask.errors import FileUnreadable
from rag_ask.indexing.files.archive import checked_archive, title_of
from rag_ask.indexing.files.cell_text import cell_text
from rag_ask.indexing.files.extract import Extracted
from rag_ask.indexing.files.merged_cells import Cell, filled, merges_of
from rag_ask.indexing.files.table_head import names_columns

MAX_ROWS = 20_000
MAX_COLUMNS = 60
# A sheet may announce a million rows that are empty.
MAX_EMPTY_ROWS = 1_000


def extract(body: bytes) -> Extracted:
    """Raises FileUnreadable."""
    with checked_archive(body) as archive:
        return Extracted(title_of(archive), _html(body, archive))


def _html(body: bytes, archive: ZipFile) -> str:
    try:
        # Read row by row: a sheet in memory takes fifty times its file.
        workbook = load_workbook(BytesIO(body), read_only=True, data_only=True, keep_links=False)
        return "".join(_sheet(sheet, archive) for sheet in workbook.worksheets if sheet.sheet_state == "visible")
    except (FileUnreadable, MemoryError):
        raise
    except Exception as error:
        raise FileUnreadable("file_broken", "The Excel file cannot be opened. Save it again and replace it.") from error


def _sheet(sheet: Any, archive: ZipFile) -> str:
    sheet.reset_dimensions()
    rows = filled(_rows(sheet), merges_of(archive, sheet._worksheet_path))
    html = "".join(_table(block) for block in _blocks(rows))
    return f"<h2>{escape(sheet.title)}</h2>{html}" if html else ""


def _rows(sheet: Any) -> Iterator[list[Cell]]:
    """The text of the cells of each row, and whether it is bold."""
    empty = 0
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        if number - empty > MAX_ROWS:
            raise FileUnreadable("file_too_long", f"A sheet has more than {MAX_ROWS:,} rows. Divide it.")
        cells = [(cell_text(cell.value, cell.number_format), _is_bold(cell)) for cell in row]
        is_empty = not any(text for text, _ in cells)
        empty = empty + 1 if is_empty else empty
        if is_empty and empty > MAX_EMPTY_ROWS:
            return
        yield cells


def _is_bold(cell: Any) -> bool:
    return cell.value is not None and bool(cell.font and cell.font.b)


def _blocks(rows: Iterator[list[Cell]]) -> Iterator[list[list[Cell]]]:
    """Rows between empty ones: tables of their own."""
    block: list[list[Cell]] = []
    for row in rows:
        if any(text for text, _ in row):
            block.append(row)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _table(rows: list[list[Cell]]) -> str:
    # Columns that are empty throughout only set the others apart.
    width = max(map(len, rows))
    used = [column for column in range(width) if any(column < len(row) and row[column][0] for row in rows)]
    cells = [[row[column] if column < len(row) else ("", False) for column in used] for row in rows]
    if len(cells) > 1 and len(used) > 1 and _title(cells[0]):
        return f"<p>{escape(_title(cells[0]))}</p>{_table(rows[1:])}"
    if len(used) == 1:
        return "".join(f"<p>{escape(row[0][0])}</p>" for row in cells)
    head = _head_rows(cells)
    html = []
    for index, row in enumerate(cells):
        tag = "th" if index < head else "td"
        html.append(f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text, _ in row)}</tr>")
    return f"<table>{''.join(html)}</table>"


def _title(row: Sequence[Cell]) -> str:
    """The title above a table: the only text of a row, in one cell or merged over all; '' for other rows."""
    texts = [text for text, _ in row if text]
    return texts[0] if len(texts) == 1 or (len(texts) == len(row) and len(set(texts)) == 1) else ""


def _head_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows say what stands below: those that alone are bold, or one of words above numbers."""
    bold = [all(is_bold for text, is_bold in row if text) for row in rows]
    if bold[0] and not all(bold):
        return bold.index(False)
    return int(names_columns([[text for text, _ in row] for row in rows]))
