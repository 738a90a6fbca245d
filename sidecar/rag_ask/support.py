"""Support: does a sentence of an answer say what the passages that it cites say? Pure.

Words in common, figures and names that must occur, figures that must stand with the words they are said of, and the
same yes or no. `scripts/bench support` measures it; docs/answers.md has the numbers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rag_ask import analyze
from rag_ask.figures import NUMBER_WORDS, figures
from rag_ask.ground import Passage
from rag_ask.language import content_words, detect, words
from rag_ask.sentences import sentences

# The share of the sentence's words that the passages, and the best place in them, hold on average. Comparing embeddings
# where this is not clear was measured too, and gained nothing.
ENOUGH = 0.5
# A figure stands with the words it is said of when its place holds this much of what the best place holds.
BESIDE = 0.7
PREFIX = 5
MAX_PLACES = 400

_NEGATIONS = {
    "en": "no not never cannot without none nobody nothing nor neither closed prohibited forbidden free t",
    "de": "nicht kein keine keinen keinem keiner nie niemals ohne geschlossen verboten weder kostenlos gratis",
    "fr": "pas jamais sans aucun aucune fermé fermée interdit interdite gratuit gratuite gratuitement",
    "es": "no nunca sin ningún ninguna cerrado cerrada prohibido prohibida tampoco jamás gratis",
}
NEGATIONS = {code: frozenset(listed.split()) for code, listed in _NEGATIONS.items()}
_NEGATED_ENDINGS = re.compile(r"ません|ない|休み|안 |않|없")
_OPPOSITES = (
    ("before", "after"), ("over", "under"), ("above", "below"), ("more", "less"), ("minimum", "maximum"),
    ("upstairs", "downstairs"), ("vor", "nach"), ("über", "unter"), ("avant", "après"), ("antes", "después"),
)  # fmt: skip
OPPOSITE = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}
# Where one statement of a passage ends and the next begins. What "and" joins may share a subject, but not with a name.
_STATEMENT_END = re.compile(r"[,;–—]\s|\s(?:but|aber|mais|pero)\s|\s(?:and|und|et|y)\s(?=[A-ZÀ-Þ]\w+\s\w+\s)|[、，]")
# What an answer joins must hold part by part.
_JOINED = re.compile(r"[,;:()–—]\s|\s(?:and|but|while|und|aber|et|mais|y|pero)\s|[、，]")
_NAME = re.compile(r"(?<=[\w,;:] )[A-ZÀ-Þ][\w'’-]+")

STATEMENT, SENTENCE, PAIR = 1, 2, 3


@dataclass(frozen=True)
class Place:
    """A statement, a sentence or two of a passage."""

    text: str
    language: str
    # How much of a passage it is: STATEMENT, SENTENCE or PAIR.
    size: int
    # Title and headings say what the text is about, so they count as words of every place.
    about: frozenset[str]

    @cached_property
    def terms(self) -> frozenset[str]:
        return _terms(self.text, self.language) | self.about

    @cached_property
    def counted(self) -> list[tuple[frozenset[str], str]]:
        return figures(self.text, self.language)

    @cached_property
    def figures(self) -> frozenset[str]:
        return frozenset(form for forms, _ in self.counted for form in forms) | self.about


def is_supported(sentence: str, passages: Sequence[Passage], language: str = "") -> bool:
    """Whether the passages say what the sentence says. language: of the sentence, where it is too short to tell."""
    language = detect(sentence) or language
    places = [place for passage in passages for place in _places(passage)][:MAX_PLACES]
    if not places or not _figures_occur(sentence, language, places):
        return False
    spoken = {place.language for place in places}
    if language and "" not in spoken and language not in spoken:
        # Words cannot be compared across languages; figures can.
        return True
    wanted = _terms(sentence, language)
    if not wanted:
        return bool(figures(sentence, language))
    known = frozenset(name for passage in passages for name in _NAME.findall(f"{passage.title}\n{passage.text}"))
    return _says_enough(wanted, places) and all(_agrees(part, language, places, known) for part in _parts(sentence))


# The sentences of one answer share their passages.
@lru_cache(maxsize=64)
def _places(passage: Passage) -> list[Place]:
    language = detect(passage.text)
    about = _terms(" ".join((passage.title, *passage.heading_path)), language)
    found: dict[str, int] = {}
    for line in passage.text.split("\n"):
        inside = [part.strip() for part in sentences(line)]
        for part in inside:
            found |= {statement: STATEMENT for statement in _STATEMENT_END.split(part) if statement}
            found.setdefault(part, SENTENCE)
        found |= {f"{one} {other}": PAIR for one, other in pairwise(inside)}
    return [Place(text, language, size, about) for text, size in found.items()]


def _terms(text: str, language: str) -> frozenset[str]:
    """Stems of the words that carry content; figures are checked apart."""
    apart = NEGATIONS.get(language, frozenset()) | NUMBER_WORDS.get(language, {}).keys()
    kept = " ".join(word for word in content_words(text, language) if word not in apart)
    return frozenset(term for term in analyze.terms(kept, language) if not term.isdecimal())


def _share(wanted: frozenset[str], there: frozenset[str]) -> float:
    """The share of the wanted terms that occur, inflected or not."""
    return len(_held(wanted, there)) / len(wanted) if wanted else 1.0


def _held(wanted: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    starts = {term[:PREFIX] for term in there if len(term) >= PREFIX}
    return frozenset(term for term in wanted if term in there or (len(term) >= PREFIX and term[:PREFIX] in starts))


def _weighed(wanted: frozenset[str], places: Sequence[Place]) -> dict[str, float]:
    """For each place, how much it holds of the wanted terms; a term weighs more the fewer places hold it."""
    held = {place.text: _held(wanted, place.terms) for place in places}
    counts = Counter(term for terms in held.values() for term in terms)
    weights = {term: math.log(1 + len(places) / count) for term, count in counts.items()}
    return {text: sum(weights[term] for term in terms) for text, terms in held.items()}


def _says_enough(wanted: frozenset[str], places: Sequence[Place]) -> bool:
    anywhere = _share(wanted, frozenset().union(*(place.terms for place in places)))
    best = max(_share(wanted, place.terms) for place in places)
    return (anywhere + best) / 2 >= ENOUGH


def _figures_occur(sentence: str, language: str, places: Sequence[Place]) -> bool:
    there = frozenset().union(*(place.figures for place in places))
    return all(forms & there for forms, _ in figures(sentence, language))


def _names(text: str, known: frozenset[str]) -> list[frozenset[str]]:
    """The terms of each name. The first word of a sentence is one when it is known as such."""
    first = text.split(" ", 1)[0].strip(",.")
    names = _NAME.findall(text) + ([first] if first in known else [])
    return [_terms(name, "") for name in names]


def _parts(sentence: str) -> list[str]:
    """The statements of a sentence that say something for themselves."""
    parts = [part for part in _JOINED.split(sentence) if len(words(part)) > 2]
    return parts if len(parts) > 1 else [sentence]


def _agrees(part: str, language: str, places: Sequence[Place], known: frozenset[str]) -> bool:
    """Whether one place holds the figures and names of a part beside the words they are said of, and says yes or no."""
    wanted = _terms(part, language)
    if not wanted:
        return True
    counted = figures(part, language)
    names = [] if language == "de" else _names(part, known)
    shares = _weighed(wanted, places)
    # Two that stand together must do so in one sentence.
    sizes = (STATEMENT, SENTENCE) if len(counted) + len(names) > 1 else (STATEMENT, SENTENCE, PAIR)
    holding = [place for place in places if place.size in sizes and _holds(place, counted, names)]
    if not holding or not max(shares.values()):
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
        and _is_negated(part, language) == _is_negated(meant.text, meant.language)
        and not _says_opposite(part, meant.text)
    )


def _holds(place: Place, counted: Iterable[tuple[frozenset[str], str]], names: Iterable[frozenset[str]]) -> bool:
    return all(forms & place.figures for forms, _ in counted) and all(
        _share(name, place.terms) == 1.0 for name in names
    )


def _counts_the_same(forms: frozenset[str], counted: str, language: str, places: Sequence[Place]) -> bool:
    """`12 cafés`: where the passages count cafés, twelve is one of their counts."""
    stems = _terms(counted, language)
    if not stems:
        return True
    counts = {
        form
        for place in places
        for others, after in place.counted
        if after and stems & _terms(after, place.language)
        for form in others
    }
    return not counts or bool(forms & counts)


def _is_negated(text: str, language: str) -> bool:
    known = NEGATIONS.get(language, NEGATIONS["en"])
    return any(word in known for word in words(text)) or _NEGATED_ENDINGS.search(text) is not None


def _says_opposite(part: str, place: str) -> bool:
    said, there = set(words(part)), set(words(place))
    return any(OPPOSITE[word] in there and word not in there for word in said & OPPOSITE.keys())
