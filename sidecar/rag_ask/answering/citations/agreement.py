"""Agreement: a part of a sentence and the place of a passage that it speaks of. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag_ask.answering.citations.binding import are_parted, counts_the_same, is_told_apart
from rag_ask.answering.citations.evidence import HEADING, PAIR, SENTENCE, STATEMENT, Place, held, stems, weighed
from rag_ask.answering.citations.page import Page, counted_in, has_name, heavy, holds, names_in, occur
from rag_ask.answering.citations.verdict import Verdict
from rag_ask.text import analyze
from rag_ask.text.figures import figures
from rag_ask.text.negation import meaning_no, negations, say_alike
from rag_ask.text.opposites import counterparts, opposites
from rag_ask.text.quantifiers import excludes, says_another_share, says_too_much

# Places that hold so much of what the best one holds are meant as well as it.
NEARLY = 0.999
MAX_NEAREST, MAX_MEANT = 50, 8
# Words are not parted by spaces: their terms are pairs of characters.
NOT_PARTED = frozenset(["ja", "ko", "th", "zh"])


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
    for some in together if counted else ():
        of_these = [place for place in holding if holds(place, some, ())]
        if is_told_apart(some, names, page.places, of_these, wanted, shares):
            return Verdict.CONTRADICTED
    if not counted and not max(shares.values()):
        return Verdict.UNDECIDED if heavy(wanted, page.language) else Verdict.SUPPORTED
    is_bound = len(counted) > 1 and any(place.size == STATEMENT for place in holding)
    if not is_bound and not all(counts_the_same(figure, page) for figure in counted if figure.after):
        return Verdict.CONTRADICTED
    return max(_says_the_same(part, page, place) for place in _meant(wanted, holding, shares))


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


def _says_the_same(part: str, page: Page, meant: Place) -> Verdict:
    """Whether a part and the place that is meant agree on yes and no, on how many, and on each word."""
    language, apart = page.language, negations(page.language) | meaning_no(page.language)
    said, told = ([word for word in analyze.words(text) if word not in apart] for text in (part, meant.text))
    # "If you resign, you get no bonus": a condition shares the no of its sentence.
    whole = stems(page.said, language)
    ours = [part] + ([page.said] if heavy(whole, language) <= held(whole, meant.terms) else [])
    # "The first hour is free, then it costs £2": of several statements those that have the figures count.
    counted = counted_in(part, page)
    inside = [place for place in page.places if place.sentence == meant.text and any(map(place.holds, counted))]
    is_alike = any(
        say_alike(one, language, place.text, place.language) for one in ours for place in [meant, *inside]
    ) or (excludes(part, language) and excludes(meant.text, meant.language))
    if is_alike != (opposites(said, told) % 2 == 0):
        # Said with other words, a no can be a yes: "not part of it" is "left out".
        is_same = heavy(stems(part, language), language) <= held(stems(part, language), meant.terms)
        return Verdict.CONTRADICTED if is_same else Verdict.UNDECIDED
    around = [place for place in page.places if place.size in (SENTENCE, HEADING) and meant.text in place.text]
    is_too_much = all(says_too_much(part, language, place.text, place.language) for place in [meant, *around])
    if is_too_much and not figures(part, language):
        return Verdict.UNDECIDED
    if says_another_share(part, language, meant.text, meant.language):
        return Verdict.CONTRADICTED
    return Verdict.UNDECIDED if not counted_in(part, page) and _lacks(part, page, meant) else Verdict.SUPPORTED


def _lacks(part: str, page: Page, meant: Place) -> bool:
    """Whether the place lacks a word of the part that stands elsewhere on the page: a subject of another sentence."""
    if page.language in NOT_PARTED:
        return False
    wanted = heavy(stems(part, page.language), page.language) - page.everywhere
    around = [place for place in page.places if place.size < PAIR and meant.text in place.text]
    near = meant.terms.union(*(place.terms for place in around))
    elsewhere = frozenset().union(*(place.own for place in page.places))
    return bool(held(wanted, elsewhere) - held(wanted, near))
