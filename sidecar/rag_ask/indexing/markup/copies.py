"""Copies: a text that a page has twice, for phones and for desktops -> once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag_ask.indexing.markup.outline import Section

# Lines in a row that are shorter together may be said twice.
MIN_CHARACTERS = 40


class Copies:
    """The lines that were read under one path of headings."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._first: dict[str, int] = {}

    def rest(self, lines: Sequence[str], is_section: bool) -> list[str]:
        """Return the lines that are no copy of a run of lines before. A whole section may be a short copy."""
        kept: list[str] = []
        start = 0
        while start < len(lines):
            count, size = self._run(lines, start)
            if size >= MIN_CHARACTERS or (is_section and count == len(lines)):
                start += count
                continue
            self._first.setdefault(lines[start], len(self._lines))
            self._lines.append(lines[start])
            kept.append(lines[start])
            start += 1
        return kept

    def _run(self, lines: Sequence[str], start: int) -> tuple[int, int]:
        """Return how many lines from `start` on are read again, and their characters."""
        known = self._first.get(lines[start])
        count = size = 0
        if known is None:
            return count, size
        while start + count < len(lines) and known + count < len(self._lines):
            if lines[start + count] != self._lines[known + count]:
                break
            size += len(lines[start + count])
            count += 1
        return count, size


def kept_lines(sections: Iterable[tuple[int, Section]]) -> list[tuple[int, Section]]:
    """Return the sections, each with its page, without the lines that are copies within the same headings."""
    known: dict[tuple[int, tuple[str, ...]], Copies] = {}
    kept = []
    for page, (path, lines) in sections:
        if rest := known.setdefault((page, path), Copies()).rest(lines, bool(path)):
            kept.append((page, (path, rest)))
    return kept
