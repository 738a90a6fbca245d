"""Fuzzy match: a word that the site does not know -> similar words of the site. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# A shorter word has a neighbour in any vocabulary.
MIN_CHARACTERS = 5
TWO_EDITS_CHARACTERS = 8
MAX_CHARACTERS = 30
MAX_NEAREST = 3


def is_spelled(term: str) -> bool:
    """Is this term a word that somebody may misspell? Not a figure, a code or a pair of characters."""
    return MIN_CHARACTERS - 1 <= len(term) <= MAX_CHARACTERS and term.isalpha()


def max_edits(term: str) -> int:
    """How far a term may be from what was meant: 1 edit, from eight characters on 2."""
    return 2 if len(term) >= TWO_EDITS_CHARACTERS else 1


def nearest(term: str, vocabulary: Mapping[str, int]) -> dict[str, int]:
    """Return the terms of the vocabulary with the fewest edits, at most three, the most frequent ones: term -> edits.

    vocabulary: term -> how many chunks hold it.
    """
    allowed = max_edits(term)
    letters = set(term)
    # An edit changes at most two of the letters that a word has: most are out before anything is counted.
    vocabulary = {other: count for other, count in vocabulary.items() if len(letters ^ set(other)) <= 2 * allowed}
    found = {other: count for other in vocabulary if (count := edits(term, other, allowed)) <= allowed}
    if not found:
        return {}
    fewest = min(found.values())
    best = sorted((other for other in found if found[other] == fewest), key=lambda other: -vocabulary[other])
    return {other: found[other] for other in best[:MAX_NEAREST]}


def edits(one: str, other: str, limit: int) -> int:
    """Return how many insertions, deletions, substitutions and swaps of neighbours part two words.

    Optimal string alignment (a restricted Damerau-Levenshtein distance); gives up above `limit` and returns limit + 1.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        current = [row]
        for column, right in enumerate(other, 1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return min(last[-1], limit + 1)
