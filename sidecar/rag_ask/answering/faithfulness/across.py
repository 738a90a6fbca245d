"""Across: a part of a sentence and a page in another language. Pure.

Words cannot be compared across languages: figures, names and words that both have can, and yes and no.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag_ask.answering.faithfulness.evidence import PAIR, Place
from rag_ask.answering.faithfulness.page import Page, are_rivals, counted_in, holds, occur
from rag_ask.answering.faithfulness.terms import held, stems
from rag_ask.answering.faithfulness.verdict import Verdict
from rag_ask.text.figures import Figure
from rag_ask.text.negation import say_alike

# A shorter word may stand in two languages without meaning the same.
ANCHOR_CHARACTERS = 4


def agrees_across(part: str, page: Page) -> Verdict:
    """Whether a place of the page has its figures and a word of it, and says yes or no as it does."""
    counted, wanted = counted_in(part, page), stems(part, page.language)
    if not occur(counted, page.places):
        return Verdict.CONTRADICTED
    single = [place for place in page.places if place.size != PAIR]
    shared = {place: len(held(wanted, place.own)) for place in single}
    anchors = {place: shared[place] + sum(map(place.holds, counted)) for place in single if holds(place, counted, ())}
    most = max(anchors.values(), default=0)
    there = held(wanted, frozenset().union(*(place.terms for place in page.places)))
    if not most or not (counted or any(len(term) >= ANCHOR_CHARACTERS for term in there)):
        return Verdict.UNDECIDED
    nearest = [place for place in anchors if anchors[place] == most]
    rivals = [shared[place] for place in single if place not in anchors and _is_rival(place, counted)]
    if max(rivals, default=0) > max(shared[place] for place in nearest):
        # `Elektrofahrrad` costs what stands beside `bicicleta eléctrica`.
        return Verdict.CONTRADICTED
    shortest = min(place.size for place in nearest)
    is_alike = any(
        say_alike(part, page.language, place.text, place.language) for place in nearest if place.size == shortest
    )
    return Verdict.SUPPORTED if is_alike else Verdict.CONTRADICTED


def _is_rival(place: Place, counted: Sequence[Figure]) -> bool:
    return any(are_rivals(figure, other) for figure in counted for other in place.counted)
