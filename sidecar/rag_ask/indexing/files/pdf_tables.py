"""PDF tables: consecutive lines whose cells stand below each other -> the rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from statistics import mean

from rag_ask.indexing.files.pdf_lines import Line
from rag_ask.indexing.files.table_head import names_columns

# Cells of a table are shorter; longer ones are columns of running text.
MAX_MEAN_CHARACTERS = 45
# So many lines in a row may have one cell only: the name of a group, or the second line of a cell.
MAX_SINGLES = 2
# Between two rows, in heights of a line.
MAX_ROW_GAP = 3.0

# Shorter ones are columns of text too, when they go on from line to line.
MIN_MEAN_CHARACTERS = 25

Span = tuple[float, float]


def table_runs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Yield where each table begins, and where the line after it is."""
    start = 0
    while start < len(lines):
        if len(lines[start].cells) < 2:
            start += 1
            continue
        last = start
        for index in range(start + 1, len(lines)):
            if index - last > MAX_SINGLES + 1 or not _is_below(lines[index], lines[index - 1]):
                break
            if len(lines[index].cells) > 1 or _is_second_line(lines[index], lines[last]):
                last = index
        yield start, last + 1
        start = last + 1


def _is_second_line(line: Line, row: Line) -> bool:
    """Whether a line of one cell goes on with a cell of the row above that is not its first."""
    return row.bottom - line.bottom <= 1.5 * line.height and any(
        abs(cell.left - line.left) < 2 for cell in row.cells[1:]
    )


def table_html(lines: Sequence[Line]) -> str:
    """The rows of a run; running text in columns is read column by column."""
    columns = _columns(lines)
    if not columns or _is_running_text(lines):
        return "".join(_by_columns(lines))
    rows = _whole_rows([(line, _placed(line, columns)) for line in lines])
    has_head = _has_head(rows, len(columns))
    html = []
    for index, (_, row) in enumerate(rows):
        tag = "th" if index == 0 and has_head else "td"
        html.append(f"<tr>{''.join(_cells(row, tag, len(columns)))}</tr>")
    return f"<table>{''.join(html)}</table>"


def _is_running_text(lines: Sequence[Line]) -> bool:
    cells = [cell.text for line in lines for cell in line.cells]
    length = mean(map(len, cells))
    going_on = [cell.text[:1].islower() for line in lines[1:] for cell in line.cells]
    return length > MAX_MEAN_CHARACTERS or (length > MIN_MEAN_CHARACTERS and 3 * sum(going_on) > len(going_on))


def _is_below(line: Line, before: Line) -> bool:
    height = max(line.height, before.height)
    # The second line of a cell may come before the cell beside it.
    return -height < before.bottom - line.bottom <= MAX_ROW_GAP * height


def _columns(lines: Sequence[Line]) -> list[Span]:
    """Where the columns stand, by the lines with the most cells; none where these do not stand below each other."""
    most = max(len(line.cells) for line in lines)
    full = [line.cells for line in lines if len(line.cells) == most]
    columns = [(min(c.left for c in column), max(c.right for c in column)) for column in zip(*full, strict=True)]
    is_apart = all(one[1] < other[0] for one, other in pairwise(columns))
    return columns if is_apart else []


Placed = dict[tuple[int, int], str]


def _placed(line: Line, columns: Sequence[Span]) -> Placed:
    """The cells of a line by the first and the last of their columns."""
    row: Placed = {}
    for cell in line.cells:
        covered = [index for index, span in enumerate(columns) if cell.left < span[1] and cell.right > span[0]]
        if not covered:
            covered = [min(range(len(columns)), key=lambda index: abs(columns[index][0] - cell.left))]
        key = (covered[0], covered[-1])
        row[key] = f"{row[key]} {cell.text}" if key in row else cell.text
    return row


def _whole_rows(placed: Sequence[tuple[Line, Placed]]) -> list[tuple[Line, Placed]]:
    """Rows whose cells may have had several lines."""
    rows: list[tuple[Line, Placed]] = []
    for line, row in placed:
        before = rows[-1] if rows else None
        if before and _goes_on(before[0], before[1], line, row):
            for key, text in row.items():
                before[1][key] = f"{before[1][key]} {text}" if key in before[1] else text
            rows[-1] = (max(line, before[0], key=lambda one: len(one.words)), before[1])
        else:
            rows.append((line, dict(row)))
    return rows


def _goes_on(above: Line, row_above: Placed, line: Line, row: Placed) -> bool:
    """Whether a line belongs to the row above: it stands beside it, or holds the second line of its cells."""
    gap = above.bottom - line.bottom
    if gap < 0.6 * line.height and not row.keys() & row_above.keys():
        return True
    is_close = gap <= 1.5 * line.height
    if (0, 0) in row:
        # The second line of a label.
        is_half = len(row) == 1 or row_above.keys() == {(0, 0)}
        return is_close and is_half and line.text[:1].islower()
    # A row without a label, below one with all of its cells.
    return is_close and (0, 0) in row_above and row.keys() <= row_above.keys()


def _has_head(rows: Sequence[tuple[Line, Placed]], count: int) -> bool:
    """Whether the first row says what stands below: it alone is bold, or has words where the others have numbers."""
    (first, _), *others = rows
    if first.is_bold and len(first.cells) >= max(2, count - 1):
        return not all(line.is_bold for line, _ in others)
    texts = [[row.get((column, column), "") for column in range(count)] for _, row in rows]
    return names_columns([row for row in texts if any(row)] or [[]])


def _cells(row: Placed, tag: str, count: int) -> Iterator[str]:
    if len(row) == 1 and count > 1 and next(iter(row))[0] == 0:
        # One cell in the first column names the rows below it.
        yield f'<{tag} colspan="{count}">{escape(next(iter(row.values())))}</{tag}>'
        return
    column = 0
    for (start, end), text in sorted(row.items()):
        if start < column:
            continue
        yield f"<{tag}></{tag}>" * (start - column)
        span = f' colspan="{end - start + 1}"' if end > start else ""
        yield f"<{tag}{span}>{escape(text)}</{tag}>"
        column = end + 1
    yield f"<{tag}></{tag}>" * (count - column)


def _by_columns(lines: Sequence[Line]) -> Iterator[str]:
    """Paragraphs of the first column, then those of the next."""
    edges = [cell.left for cell in max((line.cells for line in lines), key=len)]
    for index, edge in enumerate(edges):
        after = edges[index + 1] if index + 1 < len(edges) else float("inf")
        parts = [cell.text for line in lines for cell in line.cells if edge - 2 <= cell.left < after - 2]
        yield f"<p>{escape(' '.join(parts))}</p>" if parts else ""
