"""Agreement: a part of a sentence and the place of a passage that it speaks of. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag_ask.answering.faithfulness.binding import are_parted, counts_the_same, is_told_apart
from rag_ask.answering.faithfulness.evidence import HEADING, PAIR, SENTENCE, STATEMENT, Place, weighed
from rag_ask.answering.faithfulness.page import (
    Page,
    are_rivals,
    counted_in,
    exact_light_terms,
    has_name,
    heavy,
    holds,
    light_terms,
    names_in,
    occur,
)
from rag_ask.answering.faithfulness.polarity import says_the_same
from rag_ask.answering.faithfulness.terms import NOT_WEIGHED, held, stems
from rag_ask.answering.faithfulness.verdict import Verdict
from rag_ask.text import analyze
from rag_ask.text.figures import Figure
from rag_ask.text.opposites import counterparts

# Places that hold so much of what the best one holds are meant as well as it.
NEARLY = 0.999
MAX_NEAREST, MAX_MEANT = 50, 8


def agrees(part: str, page: Page) -> Verdict:
    """Whether one place holds the figures and names of a part beside the words they are said of, and says yes or no."""
    wanted = stems(part, page.language)
    counted, names = counted_in(part, page), names_in(part, page)
    if not occur(counted, page.places):
        return Verdict.CONTRADICTED
    if not all(any(has_name(name, place) for place in page.places) for name in names):
        return Verdict.CONTRADICTED
    if not wanted:
        return Verdict.SUPPORTED if counted or names else Verdict.UNDECIDED
    wanted = wanted - page.asked_names or wanted
    # What says the opposite speaks of the same.
    opposed = counterparts(analyze.words(part), page.words)
    wanted |= stems(" ".join(opposed), page.language)
    shares = weighed(wanted, page.places)
    holding = [place for place in page.places if holds(place, counted, names)]
    if not holding:
        holding = [place for place in page.places if holds(place, counted, ())]
    together = [counted]
    if not holding and not are_parted(counted, page.places):
        # No place holds all the figures: each must stand with the words.
        together = [[figure] for figure in counted]
        holding = [place for place in page.places if any(map(place.holds, counted))]
    if not holding:
        return Verdict.CONTRADICTED if counted else Verdict.UNDECIDED
    if all(place.size == HEADING for place in holding) and _have_rivals(counted, page.places):
        # The date above a text is that of the page.
        return Verdict.UNDECIDED
    for some in together if counted else ():
        of_these = [place for place in holding if holds(place, some, ())]
        if is_told_apart(some, names, page.places, of_these, wanted, shares):
            return Verdict.CONTRADICTED
    if not counted and not max(shares.values()):
        # "Your data is mine": none of its words is on the page, though a paraphrase could add each of them.
        return Verdict.UNDECIDED if wanted - exact_light_terms(page.language) else Verdict.SUPPORTED
    if _is_put_together(wanted - page.asked_names, page, counted):
        return Verdict.UNDECIDED
    is_bound = len(counted) > 1 and any(place.size == STATEMENT for place in holding)
    if not is_bound and not all(counts_the_same(figure, page) for figure in counted if figure.after):
        return Verdict.CONTRADICTED
    return max(says_the_same(part, page, place) for place in _meant(wanted, holding, shares))


def _have_rivals(counted: Sequence[Figure], places: Sequence[Place]) -> bool:
    """Whether the text has a figure of the kind of one of these."""
    told = [figure for place in places if place.size == SENTENCE for figure in place.counted]
    return any(are_rivals(figure, other) for figure in counted for other in told)


def _is_put_together(wanted: frozenset[str], page: Page, counted: Sequence[Figure]) -> bool:
    """Whether its words stand in two statements that each say something else: Ada bakes, Tom sells; so no Tom bakes."""
    if page.language in NOT_WEIGHED:
        return False
    light = light_terms(page.language) if counted else exact_light_terms(page.language)
    wanted = held(wanted - light - page.everywhere, page.own)
    statements = [place for place in page.places if place.size == STATEMENT]
    # What a card lists is said of its label.
    whole = [*statements, *(place for place in page.places if place.is_card)]
    if len(wanted) < 2 or any(held(wanted, place.own) == wanted for place in whole):
        return False
    of_sentences: dict[str, list[str]] = {}
    for place in statements:
        more = heavy(place.own, place.language) - place.about
        has_more = more - held(more, wanted)
        pieces = of_sentences.setdefault(place.sentence, [])
        if held(wanted, place.own) and has_more and not any(piece in place.text for piece in pieces):
            pieces.append(place.text)
    return any(len(pieces) > 1 for pieces in of_sentences.values())


def _meant(wanted: frozenset[str], holding: Sequence[Place], shares: dict[Place, float]) -> list[Place]:
    """The places that hold most of the words; of as many, those that hold them in their own text."""
    single = [place for place in holding if place.size != PAIR] or holding
    best = max(shares[place] for place in single)
    nearest = [place for place in single if shares[place] >= NEARLY * best][:MAX_NEAREST]
    most = max(len(held(wanted, place.own)) for place in nearest)
    nearest = [place for place in nearest if len(held(wanted, place.own)) == most]
    text = [place for place in nearest if place.size != HEADING] or nearest
    shortest = min(len(place.text) for place in text)
    return [place for place in text if len(place.text) == shortest or not _is_within(place, text)][:MAX_MEANT]


def _is_within(place: Place, others: Sequence[Place]) -> bool:
    """Whether a shorter one is a part of it."""
    return any(len(other.text) < len(place.text) and other.text[:40] in place.text for other in others)
