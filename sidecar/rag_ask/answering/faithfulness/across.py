"""Across: a part of a sentence and a page in another language. Pure.

Words cannot be compared across languages: figures, names and words that both have can, and yes and no.
"""

from __future__ import annotations

from rag_ask.answering.faithfulness.evidence import PAIR
from rag_ask.answering.faithfulness.page import Page, counted_in, holds, occur
from rag_ask.answering.faithfulness.terms import held, stems
from rag_ask.answering.faithfulness.verdict import Verdict
from rag_ask.text.negation import is_negated

# A shorter word may stand in two languages without meaning the same.
ANCHOR_CHARACTERS = 4


def agrees_across(part: str, page: Page) -> Verdict:
    """Whether a place of the page has its figures and a word of it, and says yes or no as it does."""
    counted = counted_in(part, page)
    if not occur(counted, page.places):
        return Verdict.CONTRADICTED
    anchors = [
        (place, len(held(stems(part, page.language), place.own)) + sum(place.holds(figure) for figure in counted))
        for place in page.places
        if place.size != PAIR and holds(place, counted, ())
    ]
    most = max((count for _, count in anchors), default=0)
    shared = held(stems(part, page.language), frozenset().union(*(place.terms for place in page.places)))
    is_common = bool(counted) or any(len(term) >= ANCHOR_CHARACTERS for term in shared)
    if not most or not is_common:
        return Verdict.UNDECIDED
    said = is_negated(part, page.language)
    nearest = [place for place, count in anchors if count == most]
    is_alike = any(is_negated(place.text, place.language) == said for place in nearest)
    return Verdict.SUPPORTED if is_alike else Verdict.CONTRADICTED
