"""Fuzzy match: a word that the site does not know -> similar words of the site. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

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

    vocabulary: term -> how many chunks hold it. Edits are insertions, deletions, substitutions and swaps of neighbours
    (optimal string alignment, a restricted Damerau-Levenshtein distance).
    """
    found = {
        other: int(edits)
        for other, edits, _ in process.extract(
            term, vocabulary.keys(), scorer=OSA.distance, limit=None, score_cutoff=max_edits(term)
        )
    }
    fewest = min(found.values(), default=0)
    best = sorted((other for other in found if found[other] == fewest), key=lambda other: -vocabulary[other])
    return {other: found[other] for other in best[:MAX_NEAREST]}
