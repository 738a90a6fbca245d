"""Faithfulness: do the cited passages support a sentence of the answer? Pure.

Words in common, figures and names that must occur, figures that must stand with the words they are said of, and the
same yes or no. `scripts/bench support` measures it; docs/developers/answers.md has the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.answering.faithfulness.across import agrees_across
from rag_ask.answering.faithfulness.agreement import agrees
from rag_ask.answering.faithfulness.evidence import SENTENCE, Place, places_of
from rag_ask.answering.faithfulness.novelty import novel_words
from rag_ask.answering.faithfulness.page import Page, counted_in, heavy, holds, is_year
from rag_ask.answering.faithfulness.parts import parts_of
from rag_ask.answering.faithfulness.terms import content, held, stems
from rag_ask.answering.faithfulness.verdict import NO_QUESTION, Question, Verdict
from rag_ask.passage import Passage
from rag_ask.text.dates import MONTH
from rag_ask.text.figures import Figure, figures
from rag_ask.text.free import in_one_word
from rag_ask.text.language import by_small_words, detect
from rag_ask.text.negation import is_known
from rag_ask.text.sentences import sentences
from rag_ask.text.stop_words import paraphrase_terms

# Two passages speak of the same when they share more than this of the words that the one with fewer has.
SAME_SUBJECT = 0.5
MAX_PLACES = 400
# More are no sentence.
MAX_PARTS = 20
# A range and its price.
FIGURES_OF_A_CARD = 3
# What follows says it once more.
_YES_OR_NO = re.compile(
    r"\A\W{0,3}(?:yes|no|ja|nein|oui|non|sí|sì|si|nee|sim|não|tak|nie|да|нет)\s?[,.:;!–—]\s+(?=\S)", re.IGNORECASE
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
    spoken = _spoken(sentence, passages, question.language)
    of_parts = min(
        _judged(part, _of_one_subject(part, passages, question.language), question)
        for part in parts_of(sentence, spoken)
    )
    if of_parts == Verdict.SUPPORTED:
        return of_parts
    language = detect(sentence) or question.language
    foreign = [passage for passage in passages if _is_foreign(language, places_of(passage))]
    return max([of_parts, *(_judged(sentence, [passage], question) for passage in foreign)])


def _judged(sentence: str, passages: Sequence[Passage], question: Question) -> Verdict:
    spoken = _spoken(sentence, passages, question.language)
    places = _places(passages, spoken)
    if not places:
        return Verdict.UNDECIDED
    language = spoken or _language(sentence, places, "")
    sentence = in_one_word(_YES_OR_NO.sub("", sentence), language)
    page = Page(places, passages, question, language, sentence)
    # "Yes." says nothing alone.
    parts = [
        part
        for one in sentences(sentence)
        for part in parts_of(one, language, page.text)
        if _says_something(part, language)
    ]
    if not parts or len(parts) > MAX_PARTS:
        return Verdict.UNDECIDED
    if _is_foreign(language, places):
        same = question.language in ("", language)
        return min(agrees_across(part, page) for part in parts) if same else Verdict.UNDECIDED
    is_whole = len(parts) > 1 and _stand_together(counted_in(sentence, page), page.places)
    # Its parts are checked one by one: the whole need not stand in one place.
    if is_whole and agrees(sentence, page) == Verdict.CONTRADICTED:
        return Verdict.CONTRADICTED
    is_new = _is_new(sentence, page) or not _is_understood(sentence, page)
    return min([Verdict.UNDECIDED if is_new else Verdict.SUPPORTED, *(agrees(part, page) for part in parts)])


def _is_new(sentence: str, page: Page) -> bool:
    """Whether it says something new.

    Beside a figure, one new word is said otherwise where the page has all the others and none besides: it is exchanged
    for no word. A month or a year vouches for nothing: much is said of one. A range and its price in one card name what
    is told: `a trip of 4–10 days costs $19`.
    """
    novel, counted = novel_words(sentence, page), counted_in(sentence, page)
    if len(novel) != 1 or all(is_year(figure) or figure.unit == MONTH for figure in counted):
        return bool(novel)
    there = [place for place in page.places if place.size <= SENTENCE and holds(place, counted, ())]
    if len(counted) >= FIGURES_OF_A_CARD and novel[0] not in {figure.after for figure in counted}:
        return not any(place.is_card for place in there)
    if novel == content(sentence, page.language)[:1]:
        return True
    said = stems(sentence, page.language)
    rest = heavy(said, page.language) - stems(novel[0], page.language) - page.everywhere
    return not any(_are_all_held(rest, place.terms) and _is_all_said(place, said) for place in there)


def _is_all_said(place: Place, said: frozenset[str]) -> bool:
    """Whether a place has words, and the sentence leaves none of them out."""
    own = place.own - paraphrase_terms(place.language)
    return bool(own) and _are_all_held(own, said)


def _are_all_held(wanted: frozenset[str], there: frozenset[str]) -> bool:
    return len(held(wanted, there)) == len(wanted)


def _is_understood(sentence: str, page: Page) -> bool:
    """Whether the words that say no in its language are known, or all of its words stand in one place."""
    if is_known(page.language):
        return True
    wanted = stems(sentence, page.language)
    return any(_are_all_held(wanted, place.terms) for place in page.places)


def _says_something(text: str, language: str) -> bool:
    return bool(stems(text, language) or figures(text, language))


def _stand_together(counted: Sequence[Figure], places: Sequence[Place]) -> bool:
    return len(counted) > 1 and any(place.size <= SENTENCE and holds(place, counted, ()) for place in places)


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
    wanted, there = stems(sentence, language), frozenset().union(*(place.terms for place in places))
    return 2 * len(held(wanted, there)) <= len(wanted)


def _places(passages: Sequence[Passage], spoken: str = "") -> list[Place]:
    return [place for passage in passages for place in places_of(passage, spoken)][:MAX_PLACES]


def _spoken(sentence: str, passages: Sequence[Passage], asked: str) -> str:
    """The language of a sentence; where it is too short to tell, that of the question or of its small words."""
    found = detect(sentence, [asked, *(one.language for one in passages)]) or asked
    return found or by_small_words(sentence, f"{passages[0].title}\n{passages[0].text}")


def _language(sentence: str, places: Sequence[Place], asked: str) -> str:
    spoken = {place.language for place in places}
    return detect(sentence, [asked, *spoken]) or asked or (min(spoken) if len(spoken) == 1 else "")


def _is_foreign(language: str, places: Sequence[Place]) -> bool:
    spoken = {place.language for place in places}
    return bool(language) and bool(spoken) and "" not in spoken and language not in spoken
