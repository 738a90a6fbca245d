"""Packs: parts of a section -> packs of them, near one size and ending where paragraphs do. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

TARGET_TOKENS = 80
LONGEST_TOKENS = 150
# What it costs to end amid a paragraph, where a pack of twice the target costs 1.
AMID = 0.3
# What a pack costs that was none before, so that an edit changes only the packs around it.
NEW = 0.3


@dataclass(frozen=True)
class Part:
    """A sentence, or a part of one, with the white space after it: a line break where it ends a paragraph."""

    text: str
    tokens: int


def packed(parts: Sequence[Part], longest: int, before: frozenset[str]) -> Iterator[str]:
    """The texts of the packs that cost least together.

    longest: tokens of a pack of several parts. before: the packs that the section was cut into the last time.
    """
    text = "".join(part.text for part in parts)
    offsets = [0, *accumulate(len(part.text) for part in parts)]
    sizes = np.cumsum([0, *(part.tokens for part in parts)])
    firsts = np.searchsorted(sizes, sizes[1:] - longest)
    # Of the parts before each index: what they cost at least, and where their last pack starts.
    costs, starts = np.zeros(len(parts) + 1), [0]
    for end, last in enumerate(parts, 1):
        first = min(int(firsts[end - 1]), end - 1)
        tokens = sizes[end] - sizes[first:end]
        is_amid = end < len(parts) and not last.text.endswith("\n")
        packs = (tokens / TARGET_TOKENS - 1) ** 2 + AMID * is_amid
        if before:
            are_new = [text[start : offsets[end]].strip() not in before for start in offsets[first:end]]
            packs += NEW * np.array(are_new)
        packs += costs[first:end]
        starts.append(first + int(packs.argmin()))
        costs[end] = packs.min()
    ends = [len(parts)]
    while ends[-1]:
        ends.append(starts[ends[-1]])
    return (text[offsets[start] : offsets[end]].strip() for start, end in pairwise(reversed(ends)))
