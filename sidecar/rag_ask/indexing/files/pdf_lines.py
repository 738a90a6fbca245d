"""Lines: the words of a PDF's page, with their places -> its lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

# A wider gap between two words, in heights of the line, parts two cells or columns.
CELL_GAP = 1.1


@dataclass(frozen=True)
class Word:
    """A run of characters without a space. Places in points, from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    is_bold: bool = False


@dataclass(frozen=True)
class Line:
    """Words on one base line, at least one, from left to right."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def bottom(self) -> float:
        return self.words[0].bottom

    @cached_property
    def height(self) -> float:
        return max(word.top - word.bottom for word in self.words)

    @cached_property
    def is_bold(self) -> bool:
        return all(word.is_bold for word in self.words)

    @cached_property
    def cells(self) -> tuple[Line, ...]:
        """The parts of the line that wide gaps divide; the line itself where there is none."""
        parts: list[list[Word]] = []
        for word in self.words:
            if parts and word.left - parts[-1][-1].right <= CELL_GAP * self.height:
                parts[-1].append(word)
            else:
                parts.append([word])
        return tuple(Line(tuple(part)) for part in parts)


def lines_of(words: Iterable[Word | None]) -> list[Line]:
    """Lines in the order of the file. None ends one, unless what follows stands to its right on the same base line."""
    lines: list[list[Word]] = []
    is_ended = True
    for word in words:
        if word is None:
            is_ended = True
        elif word.text and (
            lines and _continues(lines[-1][-1], word) and (not is_ended or _is_beside(lines[-1], word))
        ):
            lines[-1].append(word)
            is_ended = False
        elif word.text:
            lines.append([word])
            is_ended = False
    return [Line(tuple(line)) for line in lines]


def _continues(before: Word, word: Word) -> bool:
    """Whether two words overlap in height by half of the smaller one."""
    overlap = min(before.top, word.top) - max(before.bottom, word.bottom)
    return 2 * overlap >= min(before.top - before.bottom, word.top - word.bottom)


def _is_beside(line: list[Word], word: Word) -> bool:
    return word.left >= line[-1].right
