"""Summary of a `pull` or `files` run: counts, and a line for each reason to exclude something."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

NAMED = 10


@dataclass
class Summary:
    """Counts of documents. excluded: reason -> names."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    requests: int = 0
    excluded: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    started: float = field(default_factory=time.monotonic)

    def lines(self) -> list[str]:
        """For people."""
        count = sum(map(len, self.excluded.values()))
        requests = f", {self.requests} requests" if self.requests else ""
        total = (
            f"{self.new} new, {self.changed} changed, {self.unchanged} unchanged, {self.deleted} deleted, "
            f"{count} excluded{requests}, {time.monotonic() - self.started:.1f} s"
        )
        return [total, *(f"  excluded, {reason}: {_some(names)}" for reason, names in sorted(self.excluded.items()))]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    # The name of a file may hold bytes that are no UTF-8.
    listed = ", ".join(names[:NAMED]).encode("utf-8", "backslashreplace").decode()
    return f"{len(names)} ({listed}{more})"
