"""Tables: the cells of a table of data -> lines that can be read alone, such as `Day: Monday; Open: 9 to 12`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from selectolax.lexbor import LexborNode

from rag_ask.text.invisible import one_line

EMPTY = "–"
# Begins an item of a list in a cell.
ITEM = "\ue008"
# More columns are read, without their headers.
MAX_COLUMNS = 60
# What is repeated in many lines is short, so that the lines stay linear in the table.
MAX_REPEATED = 60
_SENTENCE_END = re.compile(r"[.!?。！？]$")
_STRUCTURE = "table, h1, h2, h3, h4, h5, h6, dl, details"
_PARAGRAPHS = frozenset(["p", "div", "ul", "ol"])
_CELLS = frozenset(["td", "th"])
# Tables that are made of other elements (WAI-ARIA 1.2), and what stands in for their roles.
_TAGS = {"table": "table", "grid": "table", "row": "tr", "columnheader": "th", "rowheader": "th"}
_TAGS |= {"cell": "td", "gridcell": "td"}


@dataclass
class Cell:
    """A cell as it was written, before its place is known."""

    is_header: bool = False
    columns: int = 1
    rows: int = 1
    parts: list[str] = field(default_factory=list)
    # Whether all of its text is bold.
    is_bold: bool = True

    # Says what the cell says when it holds a picture only.
    image: str = ""

    @property
    def text(self) -> str:
        items = map(one_line, "".join(self.parts).split(ITEM))
        return ", ".join(filter(None, items)) or one_line(self.image)


@dataclass(frozen=True)
class _Placed:
    start: int
    end: int
    text: str
    is_header: bool
    is_bold: bool
    is_carried: bool = False


_Row = list[_Placed]


class Table:
    """Collects the cells of one table of data."""

    def __init__(self) -> None:
        self.rows: list[tuple[bool, list[Cell]]] = []
        self.outside: list[str] = []
        self._cell: Cell | None = None

    def start_row(self, is_head: bool) -> None:
        self.rows.append((is_head, []))
        self._cell = None

    def start_cell(self, node: LexborNode, is_header: bool) -> None:
        if not self.rows:
            self.start_row(False)
        self._cell = Cell(is_header, _span(node, "colspan") or 1, _span(node, "rowspan") or len(self.rows) + 999)
        self.rows[-1][1].append(self._cell)

    def end_cell(self) -> None:
        self._cell = None

    def add(self, text: str, is_bold: bool = False) -> None:
        """Add text of the open cell, or of the caption."""
        if self._cell is None:
            self.outside.append(text)
        else:
            self._cell.parts.append(text)
            self._cell.is_bold &= is_bold or not text.strip()

    def add_image(self, alt: str) -> None:
        if self._cell is not None:
            self._cell.image = f"{self._cell.image} {alt}"

    def lines(self) -> Iterator[str]:
        """Yield the caption, then a line for each row with its group and the headers of its columns."""
        if caption := one_line("".join(self.outside)):
            yield caption
        grid = [(is_head, row) for is_head, row in _grid(self.rows) if any(cell.text for cell in row)]
        rows = [row for _, row in grid]
        width = max((row[-1].end for row in rows), default=0)
        has_body = not all(map(_is_marked, rows))
        is_labelled = 2 * sum(_is_marked(row[:1]) for row in rows) > len(rows)
        head: list[_Row] = []
        group = ""
        for index, (is_head, row) in enumerate(grid):
            is_first, is_last = index == 0, index == len(grid) - 1
            if not is_last and _is_group(row, width, is_labelled):
                if group and _is_group(rows[index - 1], width, is_labelled):
                    yield group
                group = _short(next(cell.text for cell in row if cell.text))
            elif not is_last and (is_head or (has_body and _is_header(row)) or (is_first and _has_corner(rows))):
                # Header rows in a row belong together; one further down begins anew.
                head = [*head, row] if head and rows[index - 1] is head[-1] else [row]
            else:
                yield _line(row, group, _names(head, width))


def tags_by_role(root: LexborNode) -> dict[int, str]:
    """The tag that stands in for the role of an element that has none of a table, by the id of its node."""
    found = {node.mem_id: _TAGS.get(node.attributes.get("role") or "") for node in root.css("div[role], span[role]")}
    return {place: tag for place, tag in found.items() if tag}


def holds_data(table: LexborNode) -> bool:
    """Tell a table of data from one that lays out a page: whose cells hold headings, paragraphs or further tables."""
    if table.tag != "table":
        # A role of a table is given to data alone.
        return table.css_first("[role=cell], [role=gridcell]") is not None
    if table.attributes.get("role") in ("presentation", "none"):
        return False
    has_header = any(_table_of(header) == table.mem_id for header in table.css("th"))
    if any(not _may_stand_in_cell(node, has_header) for node in table.css(_STRUCTURE) if node.mem_id != table.mem_id):
        return False
    if table.css_first("th") is None and any(_count(cell, _PARAGRAPHS) > 1 for cell in table.css("td")):
        return False
    return any(_count(row, _CELLS) > 1 for row in table.css("tr"))


def _count(node: LexborNode, tags: frozenset[str]) -> int:
    return sum(child.tag in tags for child in node.iter())


def _may_stand_in_cell(node: LexborNode, has_header: bool) -> bool:
    """A heading in a header, and a table of data without further ones in a table that names its columns."""
    if node.tag != "table" or not has_header:
        return _is_in_header(node)
    return all(inner.mem_id == node.mem_id for inner in node.css("table")) and holds_data(node)


def _table_of(cell: LexborNode) -> int | None:
    node = cell.parent
    while node is not None and node.tag != "table":
        node = node.parent
    return None if node is None else node.mem_id


def _is_in_header(node: LexborNode) -> bool:
    return (node.tag or "").startswith("h") and node.parent is not None and node.parent.tag == "th"


def _span(node: LexborNode, name: str) -> int:
    value = node.attributes.get(name) or node.attributes.get(f"aria-{name}") or "1"
    return int(value) if re.fullmatch("[0-9]{1,5}", value) else 1


def _grid(rows: Sequence[tuple[bool, list[Cell]]]) -> Iterator[tuple[bool, _Row]]:
    """Place each cell at its columns. What reaches down from a row above is there again, when it is short."""
    below: dict[int, tuple[int, _Placed]] = {}
    for is_head, cells in rows:
        row: _Row = []
        column = 0
        for cell in cells:
            while column in below:
                column = _carry(below, row, column)
            end = max(column + 1, min(column + cell.columns, MAX_COLUMNS))
            placed = _Placed(column, end, cell.text, cell.is_header, cell.is_bold)
            row.append(placed)
            if cell.rows > 1 and column < MAX_COLUMNS:
                below[column] = (cell.rows, placed)
            column = end
        for start in sorted(below):
            if start >= column:
                column = _carry(below, row, start)
        below = {start: (count - 1, placed) for start, (count, placed) in below.items() if count > 1}
        yield is_head, row


def _carry(below: dict[int, tuple[int, _Placed]], row: _Row, column: int) -> int:
    """Put what reaches down into this column into the row, and return the next free column."""
    _, placed = below[column]
    text = placed.text if len(placed.text) <= MAX_REPEATED else ""
    row.append(_Placed(placed.start, placed.end, text, placed.is_header, placed.is_bold, is_carried=True))
    return placed.end


def _is_marked(row: _Row) -> bool:
    return all(cell.is_header or cell.is_bold or not cell.text for cell in row)


def _is_group(row: _Row, width: int, is_labelled: bool) -> bool:
    """A row that names those below it: one short cell over all columns, or the only one that is filled."""
    filled = [cell for cell in row if cell.text]
    if len(filled) != 1 or width < 2 or filled[0].is_carried or len(filled[0].text) > MAX_REPEATED:
        return False
    cell = filled[0]
    if cell.end - cell.start >= width:
        return cell.is_header or cell.is_bold or not _SENTENCE_END.search(cell.text)
    return cell.start == 0 and cell.is_bold and not is_labelled


def _is_header(row: _Row) -> bool:
    return _is_marked(row) and any(cell.text for cell in row[1:])


def _has_corner(rows: Sequence[_Row]) -> bool:
    """Whether only the first cell of the first row is empty: the others say what stands below them."""
    corner, *others = rows[0]
    return not corner.text and all(cell.text for cell in others) and all(row[0].text for row in rows[1:])


def _names(head: Sequence[_Row], width: int) -> list[list[str]]:
    """The headers of each column, the outermost first."""
    names: list[list[str]] = [[] for _ in range(min(width, MAX_COLUMNS))]
    for row in head:
        for cell in row:
            text = _short(cell.text.rstrip(" :："))
            for column in range(cell.start, min(cell.end, len(names))):
                if text and text not in names[column]:
                    names[column].append(text)
    return names


def _line(row: _Row, group: str, names: Sequence[Sequence[str]]) -> str:
    """`group; header: value; header: value`, or `label: value` where there are no headers."""
    parts = [group] if group else []
    pairs = [(_header(cell, names), cell) for cell in row]
    if len(pairs) == 2 and not any(header for header, _ in pairs):
        label, value = (cell.text for _, cell in pairs)
        return "; ".join([*parts, _labelled(label, value or (EMPTY if label else ""))])
    for header, cell in pairs:
        if cell.text or not cell.is_carried:
            parts.append(_labelled(header, cell.text or EMPTY))
    return "; ".join(parts)


def _labelled(label: str, value: str) -> str:
    if not label or not value:
        return label or value
    return f"{label} {value}" if label.endswith((":", "：")) else f"{label}: {value}"


def _header(cell: _Placed, names: Sequence[Sequence[str]]) -> str:
    """The headers of a cell: those of all its columns, level by level."""
    levels = zip_longest(*names[cell.start : cell.end], fillvalue="")
    return _short(", ".join(filter(None, dict.fromkeys(name for level in levels for name in level))))


def _short(text: str) -> str:
    return text if len(text) <= MAX_REPEATED else f"{text[: MAX_REPEATED - 1].rstrip()}…"
