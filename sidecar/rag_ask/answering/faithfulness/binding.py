"""Binding: does a figure stand with the words and figures that it is said of? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from rag_ask.answering.faithfulness.evidence import SENTENCE, STATEMENT, Place
from rag_ask.answering.faithfulness.page import Page, are_rivals, has_name, heavy, holds
from rag_ask.answering.faithfulness.terms import held, stems
from rag_ask.text.dates import MONTH
from rag_ask.text.figures import Figure

# A figure stands with the words it is said of when its place holds this much of what the best place holds.
BESIDE = 0.7
MAX_FIGURES = 8


def is_told_apart(
    counted: Sequence[Figure],
    names: Sequence[str],
    places: Sequence[Place],
    holding: Sequence[Place],
    wanted: frozenset[str],
    shares: dict[Place, float],
) -> bool:
    """Whether the words or other figures stand with another figure of the kind: Saturday with its own hours."""
    if are_parted(counted, places):
        return True
    # A day and its month are one figure.
    units = {"" if figure.unit == MONTH else figure.unit for figure in counted}
    is_bound = any(place.size == STATEMENT for place in holding) and len(units) > 1
    for size in (STATEMENT, SENTENCE):
        rivals = [
            place
            for place in places
            if place.size == size
            and not holds(place, counted, ())
            and any(are_rivals(figure, other) for figure in counted for other in place.counted)
        ]
        if names and any(all(has_name(name, place) for name in names) for place in rivals):
            return not any(place.size <= size and all(has_name(name, place) for name in names) for place in holding)
        beside = [place for place in holding if place.size <= size]
        if beside and rivals and not is_bound:
            if _are_without(beside, rivals, wanted):
                return True
            best = max(shares[place] for place in rivals)
            if max(shares[place] for place in beside) < BESIDE * best:
                return True
            if size == STATEMENT and all(_is_outdone(place, rivals, wanted, shares) for place in beside):
                return True
    return False


def _are_without(beside: Sequence[Place], rivals: Sequence[Place], wanted: frozenset[str]) -> bool:
    """Whether one rival has all the words that any of the places beside the figure has, and one more."""
    wanted = heavy(wanted, beside[0].language)
    there = frozenset().union(*(held(wanted, place.terms) for place in beside))
    return any(there < held(wanted, place.terms) for place in rivals)


def _is_outdone(place: Place, rivals: Sequence[Place], wanted: frozenset[str], shares: dict[Place, float]) -> bool:
    """Whether another statement of its sentence holds more of the words, or as many of them itself."""
    own = (shares[place], len(held(wanted, place.own)))
    return any((shares[one], len(held(wanted, one.own))) > own for one in rivals if one.sentence == place.sentence)


def are_parted(counted: Sequence[Figure], places: Sequence[Place]) -> bool:
    """Whether two figures never stand in one statement, and one of them stands beside a rival of the other."""
    single = [place for place in places if place.size == STATEMENT]
    said = frozenset(form for figure in counted for form in figure.forms)
    for one, other in permutations(counted[:MAX_FIGURES], 2):
        if one.forms & other.forms or are_rivals(one, other) or any(holds(place, (one, other), ()) for place in single):
            continue
        if any(
            holds(place, (other,), ())
            and any(are_rivals(one, rival) for rival in place.counted if not rival.forms & said)
            for place in single
            if not holds(place, (one,), ())
        ):
            return True
    return False


def counts_the_same(figure: Figure, page: Page) -> bool:
    """`12 cafés`: where the passages count cafés, twelve is one of their counts."""
    wanted = stems(figure.after, page.language)
    if not wanted:
        return True
    counts = {
        form
        for place in page.places
        for other in place.counted
        if other.after and wanted & stems(other.after, place.language)
        for form in other.forms
    }
    return not counts or bool(figure.forms & counts)
