"""Page: what a sentence is held against, and which of its figures and names must occur there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from rag_ask.answering.faithfulness.evidence import Place
from rag_ask.answering.faithfulness.verdict import Question
from rag_ask.passage import Passage
from rag_ask.text import analyze
from rag_ask.text.figures import BETWEEN, TIME, Figure, figures, in_numbers
from rag_ask.text.locales import convention
from rag_ask.text.stop_words import light_words, paraphrase_terms

# Names of so many letters may have an ending of so many.
MIN_NAME, MAX_ENDING = 4, 3
ONE = frozenset(["1"])
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_NAME = re.compile(r"(?<=[\w,;:] )[A-ZÀ-Þ][\w'’-]+")


@dataclass(frozen=True)
class Page:
    """What a sentence is held against."""

    places: list[Place]
    passages: Sequence[Passage]
    question: Question
    language: str
    # The whole sentence.
    said: str = ""

    @cached_property
    def asked_names(self) -> frozenset[str]:
        """The terms of the names in the question."""
        return frozenset(analyze.terms(" ".join(_NAME.findall(self.question.text)), ""))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the passages."""
        return frozenset(word for one in self.passages for word in analyze.words(one.text))

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of the passages, of their titles, and of the question."""
        asked = frozenset(analyze.terms(self.question.text, self.language))
        return frozenset().union(*(place.terms for place in self.places)) | self.everywhere | asked

    @cached_property
    def own(self) -> frozenset[str]:
        """The terms of the passages alone."""
        return frozenset().union(*(place.own for place in self.places))

    @cached_property
    def text(self) -> str:
        """What the passages and the question say, figures in digits."""
        said = (f"{one.title} {' '.join(one.heading_path)} {one.text}" for one in self.passages)
        return "\n".join([*said, self.question.text])

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """What the whole page is about: its title, headings and site, and the names that the question has."""
        titles = " ".join(f"{one.title} {' '.join(one.heading_path)} {one.url}" for one in self.passages)
        return frozenset(analyze.terms(titles, "")) | self.asked_names


def heavy(wanted: frozenset[str], language: str) -> frozenset[str]:
    """The terms that a paraphrase neither adds nor leaves out."""
    return wanted - light_terms(language)


@cache
def light_terms(language: str) -> frozenset[str]:
    """The terms of the words that a paraphrase may add."""
    return exact_light_terms(language) | paraphrase_terms(language)


@cache
def exact_light_terms(language: str) -> frozenset[str]:
    """The terms of the words that say little: "need", "open", "take"."""
    return frozenset(term for word in light_words(language) for term in analyze.word_terms(word, language))


def counted_in(part: str, page: Page) -> list[Figure]:
    """The figures that the sources must hold: not those that only the question names, nor a one ("an hour")."""
    asked = {form for figure in figures(page.question.text, page.question.language) for form in figure.forms}
    found = []
    for figure in figures(part, page.language):
        is_known = occur([figure], page.places)
        is_asked = figure.forms & asked and not any(
            are_rivals(figure, other) and figure.after[:4] == other.after[:4] and other.forms != ONE
            for other in _all_counted(page.places)
        )
        if figure.unit != BETWEEN and (is_known or not (is_asked or figure.forms == ONE)):
            found.append(figure)
    return found


def _all_counted(places: Sequence[Place]) -> Iterable[Figure]:
    return (figure for place in places for figure in place.counted)


def are_rivals(one: Figure, other: Figure) -> bool:
    """Whether they count the same: two prices, two hours, two numbers of weeks."""
    if one.is_same(other):
        return False
    if one.exact and other.exact:
        return True
    if is_year(one) != is_year(other) and one.after[:4] != other.after[:4]:
        return False
    if {one.unit, other.unit} == {"", TIME}:
        return not (one.after or other.after)
    if one.unit != other.unit:
        return False
    return bool(one.unit) or not one.after or not other.after or one.after[:4] == other.after[:4]


def is_year(figure: Figure) -> bool:
    """`2009`, and any count of that many."""
    return not figure.unit and all(_YEAR.fullmatch(form) for form in figure.forms)


def names_in(text: str, page: Page) -> list[str]:
    """The names in it, but those of the whole page: its title, its headings, its site; and those of the question."""
    if page.language == "de":
        return []
    known = frozenset(name for one in page.passages for name in _NAME.findall(f"{one.title}\n{one.text}"))
    shown = in_numbers(text, page.language)
    first = shown.split(" ", 1)[0].strip(",.:")
    names = _NAME.findall(shown) + ([first] if first in known else [])
    rules = convention(page.language)
    apart = rules.currencies | rules.measures.keys()
    return [
        name
        for name in names
        if name.casefold() not in apart and not frozenset(analyze.terms(name, "")) <= page.everywhere
    ]


def has_name(name: str, place: Place) -> bool:
    """Whether it has a name, inflected or not: `Ivana` for `Ivan`, but not `Oosterwijk` for `Oosterhof`."""
    return all(term in place.words or _is_inflected(term, place.words) for term in analyze.terms(name, ""))


def _is_inflected(name: str, words: frozenset[str]) -> bool:
    """Whether one of the words is the name with another ending."""
    return len(name) >= MIN_NAME and any(
        abs(len(word) - len(name)) <= MAX_ENDING
        and len(word) >= MIN_NAME
        and (word.startswith(name[:-1]) or name.startswith(word[:-1]))
        for word in words
    )


def holds(place: Place, counted: Iterable[Figure], names: Iterable[str]) -> bool:
    return all(place.holds(figure) for figure in counted) and all(has_name(name, place) for name in names)


def occur(counted: Iterable[Figure], places: Sequence[Place]) -> bool:
    return all(any(place.holds(figure) for place in places) for figure in counted)
