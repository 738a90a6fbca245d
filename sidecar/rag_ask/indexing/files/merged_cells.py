"""Merged cells: what one cell says for several -> the same text in each of them, so that each row can be read alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from zipfile import ZipFile

from openpyxl.utils import column_index_from_string

Cell = tuple[str, bool]
# Row -> first column, last row, last column; from 0.
Merges = dict[int, list[tuple[int, int, int]]]

MAX_MERGES = 5_000
_CHUNK_BYTES = 1_000_000
_OVERLAP_BYTES = 200
_MERGE = re.compile(rb'mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def merges_of(archive: ZipFile, path: str) -> Merges:
    """The merged cells of a sheet, which openpyxl does not tell where it reads row by row."""
    merges: Merges = defaultdict(list)
    seen: set[bytes] = set()
    before = b""
    with archive.open(path) as file:
        while (chunk := file.read(_CHUNK_BYTES)) and len(seen) < MAX_MERGES:
            for found in _MERGE.finditer(before + chunk):
                if found[0] not in seen:
                    seen.add(found[0])
                    left, right = (column_index_from_string(found[place].decode()) - 1 for place in (1, 3))
                    merges[int(found[2]) - 1].append((left, int(found[4]) - 1, right))
            before = chunk[-_OVERLAP_BYTES:]
    return merges


def filled(rows: Iterable[list[Cell]], merges: Merges) -> Iterator[list[Cell]]:
    """Yield the rows with the text of a merged cell in each of its places."""
    below: dict[int, tuple[int, Cell]] = {}
    for number, row in enumerate(rows):
        for left, last, right in merges.get(number, ()):
            if left < len(row):
                below |= dict.fromkeys(range(left, min(right + 1, len(row))), (last, row[left]))
        below = {column: held for column, held in below.items() if held[0] >= number}
        for column, (_, cell) in below.items():
            if column < len(row):
                row[column] = cell
        yield row
