"""Evidence: a passage -> its statements, sentences and pairs of sentences, with their terms. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from rag_ask.passage import Passage
from rag_ask.text import analyze
from rag_ask.text.figures import figures
from rag_ask.text.language import content_words, detect
from rag_ask.text.negation import negations
from rag_ask.text.numerals import NUMBER_WORDS, in_figures
from rag_ask.text.sentences import sentences

_NUMBERED = re.compile(r"(\b[^\W\d_]+[\s-]?)\d+")
# Said of a figure, and often written as a sign.
_CURRENCIES = frozenset(["euro", "euros", "eur", "dollar", "dollars", "usd", "pound", "pounds", "gbp", "pence", "chf"])
# Words that begin alike are taken for forms of one.
PREFIX = 5
STATEMENT, SENTENCE, PAIR = 1, 2, 3

# Where one statement of a passage ends and the next begins. What "and" joins may share a subject, but not with a name.
# Thai parts its sentences by a space.
_STATEMENT_END = re.compile(
    r"[,;–—]\s|\s(?:but|aber|mais|pero)\s|\s(?:and|und|et|y)\s(?=[A-ZÀ-Þ]\w+\s\w+\s)|[、，،]"
    r"|(?<=[\u0e01-\u0e4e]) (?=[\u0e01-\u0e4e])"
)


@dataclass(frozen=True)
class Place:
    """A statement, a sentence or two of a passage."""

    text: str
    language: str
    # How much of a passage it is: STATEMENT, SENTENCE or PAIR.
    size: int
    # Title and headings say what the text is about, so they count as words of every place.
    about: frozenset[str]
    # The only figure in them: a product or a year that each sentence is about.
    named: frozenset[str]

    @cached_property
    def terms(self) -> frozenset[str]:
        return stems(self.text, self.language) | self.about

    @cached_property
    def counted(self) -> list[tuple[frozenset[str], str]]:
        return figures(self.text, self.language)

    @cached_property
    def figures(self) -> frozenset[str]:
        return frozenset(form for forms, _ in self.counted for form in forms) | self.about | self.named


# The sentences of one answer share their passages.
@lru_cache(maxsize=64)
def places_of(passage: Passage) -> list[Place]:
    language = detect(passage.text)
    titles = " ".join((passage.title, *passage.heading_path))
    about = stems(titles, language)
    named = _named(titles, passage.text, language)
    found: dict[str, int] = {}
    for line in passage.text.split("\n"):
        inside = [part.strip() for part in sentences(line)]
        for part in inside:
            found |= dict.fromkeys(_statements(part, language), STATEMENT)
            found.setdefault(part, SENTENCE)
        found |= {f"{one} {other}": PAIR for one, other in pairwise(inside)}
    return [Place(text, language, size, about, named) for text, size in found.items()]


def _named(titles: str, text: str, language: str) -> frozenset[str]:
    """The figure of a title like `Trail 500`, unless the text tells of another one of its kind, as `Trail 700`."""
    counted = figures(titles, language)
    name = _NUMBERED.search(titles)
    if len(counted) != 1 or name is None:
        return frozenset()
    others = re.findall(rf"\b{re.escape(name[1])}\d+", text, re.IGNORECASE)
    return frozenset() if any(other.casefold() != name[0].casefold() for other in others) else counted[0][0]


def _statements(sentence: str, language: str) -> list[str]:
    """The statements of a sentence. What has no word of its own, as a price in a list, belongs to the one before."""
    found: list[str] = []
    for part in filter(None, _STATEMENT_END.split(sentence)):
        if found and not any(len(term) > 1 for term in stems(part, language)):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def stems(text: str, language: str) -> frozenset[str]:
    """Stems of the words that carry content; figures are checked apart."""
    apart = negations(language) | NUMBER_WORDS.get(language, {}).keys() | _CURRENCIES
    kept = " ".join(word for word in content_words(in_figures(text), language) if word not in apart)
    return frozenset(term for term in analyze.terms(kept, language) if not term.isdecimal())


def share(wanted: frozenset[str], there: frozenset[str]) -> float:
    """The share of the wanted terms that occur, inflected or not."""
    return len(held(wanted, there)) / len(wanted) if wanted else 1.0


def held(wanted: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    starts = {term[:PREFIX] for term in there if len(term) >= PREFIX}
    return frozenset(term for term in wanted if term in there or (len(term) >= PREFIX and term[:PREFIX] in starts))


def weighed(wanted: frozenset[str], places: Sequence[Place]) -> dict[str, float]:
    """For each place, how much it holds of the wanted terms; a term weighs more the fewer places hold it."""
    there = {place.text: held(wanted, place.terms) for place in places}
    # A sentence in the middle is in two pairs, one at the end in one: pairs do not count.
    single = {place.text for place in places if place.size != PAIR}
    counts = Counter(term for text, terms in there.items() if text in single for term in terms)
    weights = {term: math.log(1 + len(single) / count) for term, count in counts.items()}
    # The order of a set is another one in each process, and must not decide between two that hold as much.
    return {text: math.fsum(weights.get(term, 0.0) for term in terms) for text, terms in there.items()}
