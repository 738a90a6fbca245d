"""Table head: whether the first row of a table without marked headers says what stands below it. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether there are three columns or more, the first row has words only, and most of the other values have digits.

    Two columns are read as names with their values, which needs no headers.
    """
    first, *others = rows
    if len(first) < 3 or not others or sum(map(bool, first)) < len(first) - 1 or _has_digit("".join(first)):
        return False
    values = [text for row in others for text in row[1:] if text]
    return 2 * sum(map(_has_digit, values)) >= len(values) > 0


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
