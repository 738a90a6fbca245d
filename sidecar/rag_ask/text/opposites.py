"""Opposites: words of two texts that mean the opposite by their prefix: heated and unheated, in- and excluded. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# What takes a word back. Two letters and a long rest: "in" begins too many words that take nothing back.
_TAKES_BACK = (
    "non", "dis", "un", "in", "im", "il", "ir", "des", "dé", "miss", "on", "nie", "не", "bez", "ohn", "o", "u", "ab",
)  # fmt: skip
_PAIRS = (
    ("in", "ex"), ("in", "out"), ("up", "down"), ("over", "under"), ("ein", "aus"), ("an", "ab"), ("auf", "ab"),
    ("zu", "ab"), ("vor", "nach"), ("ober", "unter"), ("im", "ex"), ("in", "uit"), ("op", "af"),
    ("en", "dis"), ("voor", "na"), ("au", "dés"), ("при", "от"), ("в", "ис"), ("w", "wy"),
)  # fmt: skip
_EXCHANGED = [(one, other) for pair in _PAIRS for one, other in (pair, pair[::-1])]
MIN_REST = 4
# Opposites that no prefix tells.
_WORDS = (
    ("before", "after"), ("over", "under"), ("above", "below"), ("more", "less"), ("minimum", "maximum"),
    ("vor", "nach"), ("über", "unter"), ("mehr", "weniger"), ("avant", "après"), ("plus", "moins"),
    ("antes", "después"), ("más", "menos"), ("prima", "dopo"), ("più", "meno"), ("voor", "na"), ("meer", "minder"),
    ("antes", "depois"), ("mais", "menos"), ("przed", "po"), ("до", "после"),
)  # fmt: skip


def opposites(said: Iterable[str], told: Iterable[str]) -> int:
    """How many words of what is said are opposite to one of what is told, and not told themselves."""
    there, here = frozenset(told), frozenset(said)
    only_here, only_there = here - there, there - here
    return len(counterparts(only_here, only_there)) + sum(
        (one in only_here and other in only_there) or (other in only_here and one in only_there)
        for one, other in _WORDS
    )


def counterparts(said: Iterable[str], told: frozenset[str]) -> frozenset[str]:
    """The words of what is told that are opposite to one of what is said by a prefix."""
    return frozenset(other for word in said for other in _opposite_forms(word) if other in told)


def _opposite_forms(word: str) -> Iterable[str]:
    for prefix in _TAKES_BACK:
        if len(word) >= MIN_REST:
            yield prefix + word
        if word.startswith(prefix) and len(word) - len(prefix) >= MIN_REST:
            yield word.removeprefix(prefix).lstrip("-")
    for prefix, other in _EXCHANGED:
        if word.startswith(prefix) and len(word) - len(prefix) >= MIN_REST - 1:
            yield other + word.removeprefix(prefix)
