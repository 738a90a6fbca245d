"""Resident memory of processes and of all that they started, in megabytes; shared pages count once (PSS)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path


def mb(*roots: int) -> float:
    """Of these processes and their descendants."""
    return sum(_pss_kb(pid) for pid in family(*roots)) / 1024


def family(*roots: int) -> set[int]:
    """These processes and their descendants."""
    children = defaultdict(set)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything, so count from behind it.
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children[parent].add(int(path.parent.name))
    found: set[int] = set()
    left = set(roots)
    while left:
        found |= left
        left = set().union(*(children[pid] for pid in left)) - found
    return found


def _pss_kb(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.split("\nPss:", 1)[1].split()[0])
