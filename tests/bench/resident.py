"""Processes and all that they started: their resident memory, where shared pages count once (PSS), and their time."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path


def mb(*roots: int) -> float:
    """Megabytes of these processes and their descendants."""
    return sum(_pss_kb(pid) for pid in family(*roots)) / 1024


def processor_s(*roots: int) -> float:
    """Seconds of processor time of these processes and their descendants, of those that ended too."""
    return sum(_ticks(pid) for pid in family(*roots)) / os.sysconf("SC_CLK_TCK")


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


def _ticks(pid: int) -> int:
    try:
        # Of the process, then of its children that ended; each in user mode and in the kernel.
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    except OSError:
        return 0
    return sum(map(int, ticks))
