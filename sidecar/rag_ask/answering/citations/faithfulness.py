"""Faithfulness: do the cited passages support a sentence of the answer? Pure.

Words in common, figures and names that must occur, figures that must stand with the words they are said of, and the
same yes or no. `scripts/bench support` measures it; docs/developers/answers.md has the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag_ask.answering.citations.evidence import (
    PAIR,
    SENTENCE,
    STATEMENT,
    Place,
    held,
    places_of,
    share,
    stems,
    weighed,
)
from rag_ask.passage import Passage
from rag_ask.text.figures import figures
from rag_ask.text.language import detect, words
from rag_ask.text.negation import is_negated, say_alike

# The share of the sentence's words that the passages, and the best place in them, hold on average. Comparing embeddings
# where this is not clear was measured too, and gained nothing.
ENOUGH = 0.5
# A figure stands with the words it is said of when its place holds this much of what the best place holds.
BESIDE = 0.7
# A shorter word may stand in two languages without meaning the same.
ANCHOR_CHARACTERS = 4
# Two passages speak of the same when they share more than this of the words that the one with fewer has.
SAME_SUBJECT = 0.5
MAX_PLACES = 400

_OPPOSITES = (
    ("before", "after"), ("over", "under"), ("above", "below"), ("more", "less"), ("minimum", "maximum"),
    ("upstairs", "downstairs"), ("vor", "nach"), ("über", "unter"), ("avant", "après"), ("antes", "después"),
)  # fmt: skip
OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
# What an answer joins must hold part by part.
_JOINED = re.compile(r"[,;:()–—]\s|\s(?:and|but|while|und|aber|et|mais|y|pero)\s|[、，]")
_NAME = re.compile(r"(?<=[\w,;:] )[A-ZÀ-Þ][\w'’-]+")


def is_supported(sentence: str, passages: Sequence[Passage], asked: str = "") -> bool:
    """Whether the passages say what the sentence says. asked: the language of the question, "" when it is not plain.

    Of several passages each part of the sentence is said by those that speak of its subject: words on a bread and words
    on opening hours do not make the hours of the bread.
    """
    if len(passages) < 2:
        return _says(passages, sentence, asked)
    if all(_says(_of_one_subject(part, passages, asked), part, asked) for part in _parts(sentence)):
        return True
    foreign = [passage for passage in passages if _is_foreign(detect(sentence) or asked, places_of(passage))]
    return any(_says([passage], sentence, asked) for passage in foreign)


def _says(passages: Sequence[Passage], sentence: str, asked: str) -> bool:
    places = _places(passages)
    language = _language(sentence, places, asked)
    if not places or not _figures_occur(sentence, language, places):
        return False
    wanted = stems(sentence, language)
    if not wanted:
        return bool(figures(sentence, language))
    known = frozenset(name for passage in passages for name in _NAME.findall(f"{passage.title}\n{passage.text}"))
    # Without a language nothing tells a word that says no from the others: all of them must be there.
    if _says_enough(wanted, places, ENOUGH if language else 1.0) and all(
        _agrees(part, language, places, known) for part in _parts(sentence)
    ):
        return True
    return _is_foreign(language, places) and asked in ("", language) and _is_anchored(sentence, language, places)


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
    return not _says_enough(stems(sentence, language), places, ENOUGH)


def _places(passages: Sequence[Passage]) -> list[Place]:
    return [place for passage in passages for place in places_of(passage)][:MAX_PLACES]


def _language(sentence: str, places: Sequence[Place], asked: str) -> str:
    spoken = {place.language for place in places}
    return detect(sentence) or asked or (min(spoken) if len(spoken) == 1 else "")


def _is_foreign(language: str, places: Sequence[Place]) -> bool:
    spoken = {place.language for place in places}
    return bool(language) and bool(spoken) and "" not in spoken and language not in spoken


def _says_enough(wanted: frozenset[str], places: Sequence[Place], enough: float) -> bool:
    anywhere = share(wanted, frozenset().union(*(place.terms for place in places)))
    best = max(share(wanted, place.terms) for place in places)
    return (anywhere + best) / 2 >= enough


def _figures_occur(sentence: str, language: str, places: Sequence[Place]) -> bool:
    there = frozenset().union(*(place.figures for place in places))
    return all(forms & there for forms, _ in figures(sentence, language))


def _is_anchored(sentence: str, language: str, places: Sequence[Place]) -> bool:
    """Words cannot be compared across languages: figures, names and words that both have can, and yes and no."""
    counted = figures(sentence, language)
    holding = [place for place in places if place.size != PAIR and _holds(place, counted, ())]
    shared = held(stems(sentence, language), frozenset().union(*(place.terms for place in places)))
    is_common = bool(counted) or any(len(term) >= ANCHOR_CHARACTERS for term in shared)
    said = is_negated(sentence, language)
    return is_common and any(is_negated(place.text, place.language) == said for place in holding)


def _names(text: str, known: frozenset[str]) -> list[frozenset[str]]:
    """The terms of each name. The first word of a sentence is one when it is known as such."""
    first = text.split(" ", 1)[0].strip(",.")
    names = _NAME.findall(text) + ([first] if first in known else [])
    return [stems(name, "") for name in names]


def _parts(sentence: str) -> list[str]:
    """The statements of a sentence that say something for themselves."""
    parts = [part for part in _JOINED.split(sentence) if len(words(part)) > 2]
    return parts if len(parts) > 1 else [sentence]


def _agrees(part: str, language: str, places: Sequence[Place], known: frozenset[str]) -> bool:
    """Whether one place holds the figures and names of a part beside the words they are said of, and says yes or no."""
    wanted = stems(part, language)
    if not wanted:
        return True
    counted = figures(part, language)
    names = [] if language == "de" else _names(part, known)
    shares = weighed(wanted, places)
    # Two that stand together must do so in one sentence.
    sizes = (STATEMENT, SENTENCE) if len(counted) + len(names) > 1 else (STATEMENT, SENTENCE, PAIR)
    holding = [place for place in places if place.size in sizes and _holds(place, counted, names)]
    if not holding or not max(shares.values()) or (counted and names and _is_told_apart(names, places, holding)):
        return False
    for size in (STATEMENT, SENTENCE):
        # A sentence of several statements holds the figures of all of them.
        if beside := [place for place in holding if place.size == size]:
            best = max(shares[place.text] for place in places if place.size == size)
            if max(shares[place.text] for place in beside) < BESIDE * best:
                return False
            break
    # Of places that hold as much, the shortest is the one meant.
    meant = min(holding, key=lambda place: (place.size == PAIR, -shares[place.text], len(place.text)))
    return (
        all(_counts_the_same(forms, after, language, places) for forms, after in counted if after)
        and say_alike(part, language, meant.text, meant.language)
        and not _says_opposite(part, meant.text)
    )


def _is_told_apart(names: Sequence[frozenset[str]], places: Sequence[Place], holding: Sequence[Place]) -> bool:
    """Whether a statement gives these names figures of their own: Saturday its hours, beside those of Sunday."""
    of_names = [
        place
        for place in places
        if place.size == STATEMENT
        and place.counted
        and all(name <= stems(place.text, place.language) for name in names)
    ]
    return bool(of_names) and not any(place.size == STATEMENT for place in holding)


def _holds(place: Place, counted: Iterable[tuple[frozenset[str], str]], names: Iterable[frozenset[str]]) -> bool:
    return all(forms & place.figures for forms, _ in counted) and all(share(name, place.terms) == 1.0 for name in names)


def _counts_the_same(forms: frozenset[str], counted: str, language: str, places: Sequence[Place]) -> bool:
    """`12 cafés`: where the passages count cafés, twelve is one of their counts."""
    wanted = stems(counted, language)
    if not wanted:
        return True
    counts = {
        form
        for place in places
        for others, after in place.counted
        if after and wanted & stems(after, place.language)
        for form in others
    }
    return not counts or bool(forms & counts)


def _says_opposite(part: str, place: str) -> bool:
    said, there = set(words(part)), set(words(place))
    return any(OPPOSITE[word] in there and word not in there for word in said & OPPOSITE.keys())
