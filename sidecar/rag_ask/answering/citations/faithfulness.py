"""Faithfulness: do the cited passages support a sentence of the answer? Pure.

Words in common, figures and names that must occur, figures that must stand with the words they are said of, and the
same yes or no. `scripts/bench support` measures it; docs/developers/answers.md has the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.answering.citations.agreement import agrees
from rag_ask.answering.citations.evidence import PAIR, SENTENCE, Place, held, places_of, stems
from rag_ask.answering.citations.page import Page, counted_in, heavy, holds, occur
from rag_ask.answering.citations.verdict import NO_QUESTION, Question, Verdict
from rag_ask.passage import Passage
from rag_ask.text import analyze
from rag_ask.text.figures import Figure, figures
from rag_ask.text.language import detect, words
from rag_ask.text.negation import is_known, is_negated
from rag_ask.text.sentences import sentences

# The share of the sentence's words that the passages, and the best place in them, hold on average. Comparing embeddings
# where this is not clear was measured too, and gained nothing.
ENOUGH = 0.5
# A shorter word may stand in two languages without meaning the same.
ANCHOR_CHARACTERS = 4
# Two passages speak of the same when they share more than this of the words that the one with fewer has.
SAME_SUBJECT = 0.5
MAX_PLACES = 400
# More are no sentence.
MAX_PARTS = 20
WITH_SUBJECT = frozenset(["da", "de", "en", "fr", "nb", "nl", "no", "sv"])

# What an answer joins must hold part by part.
_JOINED = re.compile(
    r"[,;:()–—]\s|\s(?:and|but|while|und|aber|et|mais|y|pero|e|ma|en|maar|mas)\s"
    r"|\s(?:or|oder|ou|o|of)\s(?=\S{0,3}\d)|[、，]"
)


def is_supported(sentence: str, passages: Sequence[Passage], asked: str = "", question: str = "") -> bool:
    """Whether the passages say what the sentence says. asked: the language of the question, "" when it is not plain."""
    return verdict(sentence, passages, Question(question, asked)) == Verdict.SUPPORTED


def verdict(sentence: str, passages: Sequence[Passage], question: Question = NO_QUESTION) -> Verdict:
    """What the passages say to a sentence.

    Of several passages each part of the sentence is said by those that speak of its subject: words on a bread and words
    on opening hours do not make the hours of the bread.
    """
    if not passages:
        return Verdict.UNDECIDED
    if len(passages) < 2:
        return _judged(sentence, passages, question)
    of_parts = min(
        _judged(part, _of_one_subject(part, passages, question.language), question) for part in parts_of(sentence)
    )
    if of_parts == Verdict.SUPPORTED:
        return of_parts
    language = detect(sentence) or question.language
    foreign = [passage for passage in passages if _is_foreign(language, places_of(passage))]
    return max([of_parts, *(_judged(sentence, [passage], question) for passage in foreign)])


def _judged(sentence: str, passages: Sequence[Passage], question: Question) -> Verdict:
    places = _places(passages, detect(sentence) or question.language)
    if not places:
        return Verdict.UNDECIDED
    language = _language(sentence, places, question.language)
    page = Page(places, passages, question, language, sentence)
    # "Yes." says nothing alone.
    parts = [part for one in sentences(sentence) for part in parts_of(one) if _says_something(part, language)]
    if not parts or len(parts) > MAX_PARTS:
        return Verdict.UNDECIDED
    if _is_foreign(language, places):
        same = question.language in ("", language)
        return min(_across(part, page) for part in parts) if same else Verdict.UNDECIDED
    if len(parts) > 1 and _stand_together(counted_in(sentence, page), page.places):
        parts.append(sentence)
    return min([_says_enough(sentence, page), *(agrees(part, page) for part in parts)])


def _says_something(text: str, language: str) -> bool:
    return bool(stems(text, language) or figures(text, language))


def _stand_together(counted: Sequence[Figure], places: Sequence[Place]) -> bool:
    return len(counted) > 1 and any(place.size <= SENTENCE and holds(place, counted, ()) for place in places)


def _says_enough(sentence: str, page: Page) -> Verdict:
    """Without its negations nothing tells a word that says no from the others: all of them must be there."""
    wanted = stems(sentence, page.language)
    there = frozenset().union(*(place.terms for place in page.places))
    wanted = heavy(wanted, page.language) | held(wanted, there)
    enough = ENOUGH if is_known(page.language) else 1.0
    if not counted_in(sentence, page) and _speaks_of_another(sentence, page.language, there | page.everywhere):
        return Verdict.UNDECIDED
    # A figure counts as a word.
    figured = len(counted_in(sentence, page))
    best = max(len(held(wanted, place.terms)) for place in page.places)
    both = len(held(wanted, there)) + best + 2 * figured
    return Verdict.SUPPORTED if both >= enough * 2 * (len(wanted) + figured) else Verdict.UNDECIDED


def _speaks_of_another(sentence: str, language: str, there: frozenset[str]) -> bool:
    """Whether its subject is none of the sources': cats, where they speak of dogs.

    The subject is the first or second word, in languages that have no sentence without one.
    """
    if language not in WITH_SUBJECT:
        return False
    known = (heavy(stems(word, language), language) for word in analyze.words(sentence)[:2])
    first = next(filter(None, known), frozenset[str]())
    return bool(first) and not held(first, there)


def _of_one_subject(part: str, passages: Sequence[Passage], asked: str) -> list[Passage]:
    """The passages that share what they hold of a part; none, when another one holds words of it that they lack."""
    wanted = stems(part, _language(part, _places(passages), asked))
    holding = [(one, held(wanted, frozenset().union(*(place.terms for place in places_of(one))))) for one in passages]
    most = max((has for _, has in holding), key=len)
    if not most:
        # Figures alone, or another language: no words tell the subject.
        return list(passages)
    found = [(one, has) for one, has in holding if len(has & most) > SAME_SUBJECT * min(len(has), len(most))]
    lacking = frozenset().union(*(has for _, has in holding)) - frozenset().union(*(has for _, has in found))
    return [] if lacking else [one for one, _ in found]


def is_stray(sentence: str, passages: Sequence[Passage], asked: str) -> bool:
    """Whether it is in a language that is neither the question's nor a source's: no answer, but somebody's order."""
    language, places = detect(sentence), _places(passages)
    if not asked or language == asked or not _is_foreign(language, places):
        return False
    # A language that is taken for another one has its words in common with the sources all the same.
    page = Page(places, passages, Question("", asked), language)
    return _says_enough(sentence, page) < Verdict.SUPPORTED


def _places(passages: Sequence[Passage], spoken: str = "") -> list[Place]:
    return [place for passage in passages for place in places_of(passage, spoken)][:MAX_PLACES]


def _language(sentence: str, places: Sequence[Place], asked: str) -> str:
    spoken = {place.language for place in places}
    return detect(sentence) or asked or (min(spoken) if len(spoken) == 1 else "")


def _is_foreign(language: str, places: Sequence[Place]) -> bool:
    spoken = {place.language for place in places}
    return bool(language) and bool(spoken) and "" not in spoken and language not in spoken


def _across(part: str, page: Page) -> Verdict:
    """Words cannot be compared across languages: figures, names and words that both have can, and yes and no."""
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


def parts_of(sentence: str) -> list[str]:
    """The statements of a sentence that say something for themselves."""
    parts = [part for part in _JOINED.split(sentence) if len(words(part)) > 2 or (_has_figure(part) and words(part))]
    return parts if len(parts) > 1 else [sentence]


def _has_figure(text: str) -> bool:
    return any(character.isdecimal() for character in text)
