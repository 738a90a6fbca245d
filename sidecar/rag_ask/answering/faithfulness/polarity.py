"""Polarity: do a part of a sentence and the place that is meant agree on yes and no, and on how many? Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.answering.faithfulness.evidence import HEADING, PAIR, SENTENCE, STATEMENT, Place
from rag_ask.answering.faithfulness.lines import clauses_of
from rag_ask.answering.faithfulness.page import Page, counted_in, exact_light_terms, heavy
from rag_ask.answering.faithfulness.statements import statements_of
from rag_ask.answering.faithfulness.terms import NOT_PARTED, NOT_WEIGHED, held, is_joined, stems
from rag_ask.answering.faithfulness.verdict import Verdict
from rag_ask.text import analyze
from rag_ask.text.bounds import says_another_bound, without_bounds
from rag_ask.text.costs import agree_on_costs, without_costs
from rag_ask.text.figures import Figure, figures, in_numbers
from rag_ask.text.negation import meaning_no, negations, say_alike, speaks_of_paying, without_asides
from rag_ask.text.opposites import opposites
from rag_ask.text.periods import adds_period, omits_ordinal, says_another_period
from rag_ask.text.quantifiers import excluding, says_another_share, says_too_much

# A clause that begins so shares the yes or no of the next one.
_SUBORDINATE = (
    "if ",
    "when ",
    "wenn ",
    "wer ",
    "falls ",
    "si ",
    "quand ",
    "se ",
    "als ",
    "wie ",
    "jeśli ",
    "kto ",
    "если ",
)
_QUESTION = re.compile(r"\A.*[?？؟]\s*(?=\S)", re.DOTALL)


def says_the_same(part: str, page: Page, meant: Place) -> Verdict:
    """Whether a part and the place that is meant agree on yes and no, on how many, and on each word."""
    language, counted = page.language, counted_in(part, page)
    spoken = _told(part, counted, page, meant)
    if not any(_is_alike(part, page, text, meant, meant.text if counted else text) for text in spoken):
        # Said with other words, a no can be a yes: "not part of it" is "left out".
        wanted = stems(part, language) - exact_light_terms(language)
        return Verdict.CONTRADICTED if wanted <= held(wanted, meant.terms) else Verdict.UNDECIDED
    around = [place for place in page.places if place.size in (SENTENCE, HEADING) and meant.text in place.text]
    is_too_much = all(says_too_much(part, language, place.text, place.language) for place in [meant, *around])
    if is_too_much:
        return Verdict.UNDECIDED
    if all(_says_another_amount(part, language, text, meant.language) for text in spoken[-1:]):
        return Verdict.CONTRADICTED
    if says_another_share(part, language, meant.sentence, meant.language):
        return Verdict.CONTRADICTED
    if all(adds_period(part, language, place.text, place.language) for place in [meant, *around]):
        return Verdict.UNDECIDED
    is_of_another = _lacks(part, page, meant, is_counted=bool(counted)) or _is_said_of_another(
        part, page, meant, counted
    )
    return Verdict.UNDECIDED if is_of_another else Verdict.SUPPORTED


def _told(part: str, counted: Sequence[Figure], page: Page, meant: Place) -> list[str]:
    """What a place says to a part: its clauses that hold as many of the words, or the figures; or all of it."""
    wanted = stems(part, page.language)
    there = held(wanted, meant.own)
    clauses = clauses_of(meant.text, meant.language)
    if counted:
        # "The first hour is free, then it costs £2".
        of_figures = [one for one in clauses if _has_figures(one, meant.language, counted)]
        has = {one: len(held(wanted, stems(one, meant.language))) for one in of_figures}
        return [meant.text, *(one for one in of_figures if has[one] == max(has.values()))]
    found = [one for one in clauses if there and there <= held(wanted, stems(one, meant.language))]
    if not found and (later := _of_later_words(heavy(there, page.language), clauses, meant.language)):
        return later
    # "It takes an hour and is free": who pays nothing may be named by another clause.
    return [*found, meant.text] if not found or speaks_of_paying(part) else found


def _of_later_words(wanted: frozenset[str], clauses: Sequence[str], language: str) -> list[str]:
    """`Books can be borrowed, films cannot`: of films, the clauses that have the words that the first one lacks."""
    later = wanted - held(wanted, stems(clauses[0], language))
    if len(clauses) < 2 or not later or clauses[0].lower().startswith(_SUBORDINATE):
        return []
    ends = (heavy(stems(word, language), language) for word in reversed(analyze.words(clauses[0])))
    if held(next(filter(None, ends), frozenset[str]()), wanted):
        # `Shoes may not be worn in the hall but in the gallery`: of the hall, the first one speaks.
        return []
    return [one for one in clauses[1:] if later <= held(later, stems(one, language))]


def _has_figures(text: str, language: str, counted: Sequence[Figure]) -> bool:
    there = figures(text, language)
    return all(any(figure.is_same(one) for one in there) for figure in counted)


def _is_alike(part: str, page: Page, told: str, meant: Place, around: str) -> bool:
    """Whether both are a yes, or both a no. around: where its words may have their opposites."""
    language, apart = page.language, negations(page.language) | meaning_no(page.language)
    said_words, told_words = (
        [word for word in analyze.words(without_bounds(text)) if word not in apart] for text in (part, around)
    )
    agree = agree_on_costs(part, language, told, meant.language)
    if agree is False:
        return False
    if agree:
        part, told = without_costs(part, language), without_costs(told, meant.language)
    # "If you resign, you get no bonus": a condition shares the no of its sentence.
    whole = stems(page.said, language)

    def is_spoken_of(text: str) -> bool:
        return bool(held(whole, stems(text, meant.language)))

    # "What if I am not at home?" denies nothing of its answer.
    told = _QUESTION.sub(lambda asked: asked[0] if is_spoken_of(asked[0]) else "", told)
    told = without_asides(told, meant.language, is_spoken_of)
    ours = [part] + ([page.said] if heavy(whole, language) <= held(whole, meant.terms) else [])
    is_alike = any(say_alike(one, language, told, meant.language) for one in ours) or (
        _exclude_otherwise(part, language, told, meant.language)
    )
    return is_alike == (opposites(said_words, told_words, language) % 2 == 0)


def _exclude_otherwise(part: str, language: str, told: str, language_told: str) -> bool:
    here, there = excluding(part, language), excluding(told, language_told)
    return bool(here and there) and here.isdisjoint(there)


def _says_another_amount(said: str, language: str, told: str, language_told: str) -> bool:
    return (
        says_another_bound(in_numbers(said, language), in_numbers(told, language_told))
        or says_another_period(said, language, told, language_told)
        or omits_ordinal(said, language, told, language_told)
        or says_another_share(said, language, told, language_told)
    )


def _lacks(part: str, page: Page, meant: Place, is_counted: bool) -> bool:
    """Whether the place lacks a word of the part that stands elsewhere on the page: a subject of another sentence.

    is_counted: figures tell what is meant, so the subject may stand in the sentence before or after.
    """
    if page.language in NOT_WEIGHED:
        return False
    wanted = heavy(stems(part, page.language), page.language) - page.everywhere
    wanted = frozenset(term for term in wanted if not is_joined(term, page.everywhere, page.language))
    around = [
        place for place in page.places if place.size in (STATEMENT, SENTENCE, HEADING) and meant.text in place.text
    ]
    near = meant.terms.union(*(place.terms for place in around))
    missing = held(wanted, page.own) - held(wanted, near)
    if not missing or not is_counted:
        return bool(missing)
    is_subject = bool(held(_subject(part, page.language), missing))
    if is_subject and page.language not in NOT_PARTED and not held(_subject(meant.sentence, meant.language), wanted):
        return True
    pairs = [
        place.terms for place in page.places if place.size == PAIR and (meant.sentence or meant.text) in place.text
    ]
    return bool(missing - held(missing, frozenset().union(*pairs)))


def _is_said_of_another(part: str, page: Page, meant: Place, counted: Sequence[Figure]) -> bool:
    """Whether its subject stands in another statement of the sentence than the rest, which has a subject of its own.

    `The life jacket is lent, the wetsuit costs €6`: the wetsuit is not lent.
    """
    subject = _subject(part, page.language)
    rest = stems(part, page.language) - subject
    pieces = statements_of(meant.sentence or meant.text, meant.language)
    most = max(len(held(rest, stems(piece, meant.language))) for piece in pieces)
    best = [one for one in pieces if most and len(held(rest, stems(one, meant.language))) == most]
    if counted:
        best = [one for one in pieces if _has_figures(one, meant.language, counted)] or best
    of_subject = [one for one in pieces if held(subject, stems(one, meant.language))]
    if not best or not of_subject or not set(best).isdisjoint(of_subject):
        return False
    if counted and page.language not in NOT_PARTED and pieces.index(of_subject[0]) < pieces.index(best[0]):
        # A later statement leaves out what was said before: `the full ticket is €9, the reduced €5`.
        return False
    # "The towel is not": what says nothing itself goes on with what was said.
    return all(_says_more(one, part, page, meant.language) for one in [*best, *of_subject])


def _says_more(piece: str, part: str, page: Page, language: str) -> bool:
    """Whether a statement has words or figures that a part lacks."""
    more, said = heavy(stems(piece, language), language), figures(part, page.language)
    counts_more = not all(any(map(one.is_same, said)) for one in figures(piece, language))
    return counts_more or bool(more - held(more, stems(part, page.language)))


def _subject(text: str, language: str) -> frozenset[str]:
    """The terms of its first heavy word, when it is one of the first two."""
    known = (heavy(stems(word, language), language) for word in analyze.words(text)[:2])
    return next(filter(None, known), frozenset())
