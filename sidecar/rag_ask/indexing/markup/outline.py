"""Outline: headings and folds in reading order -> the headings above each text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

# A fold deeper than this is text of the one around it.
MAX_FOLDS = 4

Section = tuple[tuple[str, ...], list[str]]


@dataclass
class _Heading:
    """level: 1 to 6, 0 for the heading of a fold. is_used: whether anything stands below it."""

    level: int
    text: str
    is_used: bool = False


class Outline:
    """The headings that are open. A heading without anything below it becomes text of its parent."""

    def __init__(self) -> None:
        self._path: list[_Heading] = []
        # How many headings stay open until the fold ends, for each open fold.
        self._floors: list[int] = []
        self._too_deep = 0

    def text(self, lines: list[str]) -> Iterator[Section]:
        if lines:
            self._use()
            yield self._headings(), lines

    def start(self, level: int, text: str) -> Iterator[Section]:
        """Open a heading, or a fold (level 0), and yield what the headings that it ends leave."""
        if level:
            yield from self._end(lambda heading, depth: depth > self._floor and heading.level >= level)
        elif len(self._floors) == MAX_FOLDS:
            self._too_deep += 1
            yield from self.text([text] if text else [])
            return
        self._use()
        # A fold and its heading often say the same.
        is_repeated = bool(self._path) and self._path[-1].text == text and 0 in (level, self._path[-1].level)
        self._path.append(_Heading(level, "" if is_repeated else text))
        if not level:
            self._floors.append(len(self._path))

    def end_fold(self) -> Iterator[Section]:
        if self._too_deep:
            self._too_deep -= 1
        elif self._floors:
            floor = self._floors.pop()
            yield from self._end(lambda _, depth: depth >= floor)

    def end(self) -> Iterator[Section]:
        yield from self._end(lambda _heading, _depth: True)

    @property
    def _floor(self) -> int:
        return self._floors[-1] if self._floors else 0

    def _end(self, is_over: Callable[[_Heading, int], bool]) -> Iterator[Section]:
        while self._path and is_over(self._path[-1], len(self._path)):
            heading = self._path.pop()
            if heading.text and not heading.is_used:
                yield self._headings(), [heading.text]

    def _use(self) -> None:
        for heading in self._path:
            heading.is_used = True

    def _headings(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self._path if heading.text)
