"""Binding: does a figure stand with the words and figures that it is said of? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from rag_ask.answering.faithfulness.evidence import SENTENCE, STATEMENT, Place
from rag_ask.answering.faithfulness.page import Page, are_rivals, exact_light_terms, has_name, heavy, holds
from rag_ask.answering.faithfulness.statements import statements_of, with_figures
from rag_ask.answering.faithfulness.terms import NOT_PARTED, held, stems
from rag_ask.text.costs import NOTHING, costs
from rag_ask.text.dates import MONTH
from rag_ask.text.figures import CURRENCY, DURATION, Figure, figures

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
    if are_parted(counted, places) or any(_is_of_another(figure, counted, names, places, wanted) for figure in counted):
        return True
    language = places[0].language
    units_said = stems(" ".join(figure.after for figure in counted if figure.unit == DURATION), language)
    if not names and wanted - units_said <= exact_light_terms(language):
        # "You never get more than ten": such words stand with any figure.
        return False
    # A day and its month are one figure.
    units = {"" if figure.unit == MONTH else figure.unit for figure in counted}
    is_bound = any(place.size == STATEMENT for place in holding) and len(units) > 1
    # The cells of a row that holds all of it are no rivals of it.
    whole = {place.sentence for place in holding if place.is_card}
    for size in (STATEMENT, SENTENCE):
        rivals = [
            place
            for place in places
            if place.size == size
            and place.sentence not in whole
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


def _is_of_another(
    figure: Figure, counted: Sequence[Figure], names: Sequence[str], places: Sequence[Place], wanted: frozenset[str]
) -> bool:
    """Whether each sentence that has the figure says it of a subject of its own, and a rival of the words.

    `After a cold, wait one week; after a tattoo, wait four months`: it is not four months after a cold.
    """
    told = [place for place in places if place.size == SENTENCE and place.holds(figure)]
    # "four months", not "four times a year".
    told = [
        place for place in told if any(figure.is_same(one) and one.unit == figure.unit for one in place.counted)
    ] or told
    return bool(told) and all(
        _is_swapped(figure, counted, place, wanted) or _is_of_what_is_free(figure, names, place, wanted)
        for place in told
    )


def _is_of_what_is_free(figure: Figure, names: Sequence[str], told: Place, wanted: frozenset[str]) -> bool:
    """Whether a price is said of what its sentence calls free: `breakfast is included, dinner costs €24`."""
    if figure.unit != CURRENCY:
        return False
    language = told.language
    pieces = [(stems(piece, language), piece) for piece in statements_of(told.text, language)]
    free = [said for said, piece in pieces if costs(piece, language) == {NOTHING} and not _has_price(piece, language)]
    with_it = [said for said, piece in pieces if any(map(figure.is_same, figures(piece, language)))]
    there = held(wanted, frozenset().union(*with_it))
    # The price may say nothing of its own: `tickets £15, with a Museum Card free`. What bears a name is another thing.
    is_of_its_own = all(_has_more(said, wanted, language) for said in with_it)
    meant = wanted if is_of_its_own else held(stems(" ".join(names), language), wanted)
    return any(held(meant, said) - there for said in free)


def _has_price(text: str, language: str) -> bool:
    return any(one.unit == CURRENCY for one in figures(text, language))


def _is_swapped(figure: Figure, counted: Sequence[Figure], told: Place, wanted: frozenset[str]) -> bool:
    language = told.language
    pieces = [(stems(piece, language), figures(piece, language)) for piece in with_figures(told.text, language)]
    own = [at for at, (_, there) in enumerate(pieces) if any(map(figure.is_same, there))]
    if not own or not all(_has_more(pieces[at][0], wanted, language) for at in own):
        return False
    counts = stems(figure.after, language)
    with_it = held(wanted, frozenset().union(*(pieces[at][0] for at in own))) - counts
    for at, (said, there) in enumerate(pieces):
        is_rival = any(are_rivals(figure, one) for one in there) and not any(
            one.is_same(other) for one in there for other in counted
        )
        more = held(wanted, said) - counts
        # A later piece leaves out what was said before: `full ticket €9, reduced €5`.
        if is_rival and more - with_it and (at > own[-1] or not with_it - more):
            return True
    return False


def _has_more(said: frozenset[str], wanted: frozenset[str], language: str) -> bool:
    """Whether it speaks of something that is not wanted."""
    if language in NOT_PARTED:
        return 2 * len(held(said, wanted)) <= len(said)
    return bool(heavy(said, language) - held(said, wanted))


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
        if one.forms & other.forms or any(holds(place, (one, other), ()) for place in single):
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
    return not counts or bool(figure.forms & counts) or any(_is_elided(figure, wanted, place) for place in page.places)


def _is_elided(figure: Figure, wanted: frozenset[str], place: Place) -> bool:
    """`Films are lent for a week, books for three`."""
    return any(figure.is_same(one) and not (one.after or one.unit) for one in place.counted) and bool(
        held(wanted, place.own)
    )
