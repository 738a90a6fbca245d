"""Evidence: a passage -> its places, each with its terms, names and figures. Pure.

A place is a statement, a sentence, two sentences, a line of a list or a table, a card (a label and the short lines
below it), or a heading.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise

from rag_ask.answering.citations.lines import QUESTION_END, blocks
from rag_ask.passage import Passage
from rag_ask.text import analyze
from rag_ask.text.figures import CALENDAR, WHEN, Figure, figures, in_numbers, is_of_one_unit
from rag_ask.text.language import content_words, detect
from rag_ask.text.locales import convention
from rag_ask.text.negation import negations
from rag_ask.text.quantifiers import quantifiers
from rag_ask.text.sentences import sentences
from rag_ask.text.stop_words import stop_words

_NUMBERED = re.compile(r"(\b[^\W\d_]+[\s-]?)\d+")
# Words that begin alike are taken for forms of one.
PREFIX = 5
STATEMENT, SENTENCE, HEADING, PAIR = 1, 2, 3, 4

# Where one statement of a passage ends and the next begins. What "and" joins may share a subject, but not with a name.
# Thai parts its sentences by a space.
_STATEMENT_END = re.compile(
    r"[,;–—:]\s|[()]|\s(?:but|aber|mais|pero)\s|\s(?:and|und|et|y)\s(?=[A-ZÀ-Þ]\w+\s\w+\s)|[、，،]"
    r"|(?<=[\u0e01-\u0e4e]) (?=[\u0e01-\u0e4e])"
)
_AND_AT_END = re.compile(r"\s\w{1,5}\s\Z")
_AND = re.compile(r"\s(?:and|or|und|oder|sowie|et|ou|y|o|e|ed|en|of|i|lub|и)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A statement, a sentence or two of a passage."""

    text: str
    language: str
    # How much of a passage it is: STATEMENT, SENTENCE, HEADING or PAIR.
    size: int
    # Title and headings say what the text is about, so they count as words of every place.
    about: frozenset[str]
    # The only figure in them: a product or a year that each sentence is about.
    named: frozenset[str]
    # The sentence that a statement is part of.
    sentence: str = ""

    @cached_property
    def own(self) -> frozenset[str]:
        """The terms of its text."""
        return stems(self.text, self.language)

    @cached_property
    def terms(self) -> frozenset[str]:
        return self.own | self.about

    @cached_property
    def words(self) -> frozenset[str]:
        """Every term, those without content too: a name can be one (US, May, WHO)."""
        return frozenset(analyze.terms(self.text, ""))

    @cached_property
    def counted(self) -> list[Figure]:
        return figures(self.text, self.language)

    def holds(self, figure: Figure) -> bool:
        """Whether it has the figure, and not of something else: 12 euros are not 12 years."""
        if figure.forms & (self.about | self.named):
            return True
        return any(figure.forms & other.forms and is_of_one_unit(figure, other) for other in self.counted)


# The sentences of one answer share their passages.
@lru_cache(maxsize=64)
def places_of(passage: Passage, spoken: str = "") -> list[Place]:
    """The places of a passage, in its order; its headings last.

    spoken: the language of what is held against it, for a passage of too few words to tell its own.
    """
    titles = [passage.title, *passage.heading_path]
    language = detect(passage.text) or detect("\n".join(titles)) or spoken
    about = stems("\n".join(titles), language)
    named = _named(" ".join(titles), passage.text, language)
    found: dict[Place, None] = {}

    def place(
        text: str, size: int, above: frozenset[str], sentence: str = "", when: frozenset[str] = frozenset()
    ) -> None:
        found.setdefault(Place(text, language, size, above, named | when, sentence))

    for block in blocks(passage.text):
        above = about | stems(block.lead_in, language)
        inside = _joined_to_answers(part.strip() for part in sentences(block.line))
        for part in inside:
            # "The room costs £80, with a view £95": what comes later leaves out what was said before.
            inherited, when = above, frozenset[str]()
            for one in _statements(part, language):
                own = frozenset(
                    form for figure in figures(one, language) if figure.unit in WHEN for form in figure.forms
                )
                when = own or when
                place(one, STATEMENT, inherited, part, when)
                inherited |= stems(one, language)
            for one in _with_figures(part, language):
                place(one, STATEMENT, above, part)
            place(part, SENTENCE, above, part)
        for one, other in pairwise(inside):
            place(f"{one} {other}", PAIR, above)
    for title in filter(None, titles):
        place(title, HEADING, about)
    return list(found)


def _joined_to_answers(parts: Iterable[str]) -> list[str]:
    """A question says nothing alone: it belongs to what follows it."""
    found: list[str] = []
    for part in filter(None, parts):
        if found and found[-1].endswith(QUESTION_END):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _named(titles: str, text: str, language: str) -> frozenset[str]:
    """The figure of a title like `Trail 500`, unless the text tells of another one of its kind, as `Trail 700`."""
    counted = figures(titles, language)
    name = _NUMBERED.search(titles)
    if len(counted) != 1 or name is None:
        return frozenset()
    others = re.findall(rf"\b{re.escape(name[1])}\d+", text, re.IGNORECASE)
    return frozenset() if any(other.casefold() != name[0].casefold() for other in others) else counted[0].forms


def _statements(sentence: str, language: str) -> list[str]:
    """The statements of a sentence. What has no word of its own, as a price in a list, belongs to the one before."""
    found: list[str] = []
    for part in filter(None, _STATEMENT_END.split(sentence)):
        units = {figure.unit for figure in figures(part, language)}
        stands_alone = len(units) > 1 or not units.isdisjoint(WHEN)
        if found and not stands_alone and not any(len(term) > 1 for term in stems(part, language)):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return [piece for one in found for piece in _parted(one, language)]


def _with_figures(sentence: str, language: str) -> list[str]:
    """`If you move, you get | 14 days`: one piece for each that has figures, the words before it included."""
    pieces = _statements(sentence, language)
    held: list[str] = []
    found: list[str] = []
    for piece in pieces:
        held.append(piece)
        if figures(piece, language):
            found.append(", ".join(held))
            held = []
    if found and held:
        found[-1] = ", ".join([found[-1], *held])
    return found


def _parted(statement: str, language: str) -> list[str]:
    """`£4 for a day and £9 for a week` -> both, for each has a figure."""
    starts = [0, *(match.end() for match in _AND.finditer(statement))]
    # Where each piece ends, and whether it has a figure and words.
    pieces: list[tuple[int, bool]] = []
    for start, end in zip(starts, [*starts[1:], len(statement)], strict=True):
        one = statement[start:end]
        is_whole = bool(figures(one, language)) and bool(stems(one, language))
        if pieces and not (is_whole and pieces[-1][1]):
            pieces[-1] = (end, is_whole or pieces[-1][1])
        else:
            pieces.append((end, is_whole))
    ends = [0, *(end for end, _ in pieces)]
    return [_AND_AT_END.sub("", statement[start:end]).strip() for start, end in pairwise(ends)]


# Each part of a sentence is held against the same places.
@lru_cache(maxsize=4096)
def stems(text: str, language: str) -> frozenset[str]:
    """Stems of the words that carry content; figures are checked apart."""
    apart = _apart(language)
    plain = CALENDAR.sub(" ", in_numbers(text, language))
    kept = " ".join(word for word in content_words(plain, language) if word not in apart)
    return frozenset(term for term in analyze.terms(kept, language) if not term.isdecimal())


@cache
def _apart(language: str) -> frozenset[str]:
    return negations(language) | convention(language).currencies | quantifiers(language) | stop_words(language)


def share(wanted: frozenset[str], there: frozenset[str]) -> float:
    """The share of the wanted terms that occur, inflected or not."""
    return len(held(wanted, there)) / len(wanted) if wanted else 1.0


def held(wanted: frozenset[str], there: frozenset[str]) -> frozenset[str]:
    """The wanted terms that occur, inflected or not."""
    starts = {term[:PREFIX] for term in there if len(term) >= PREFIX}
    return frozenset(term for term in wanted if term in there or (len(term) >= PREFIX and term[:PREFIX] in starts))


def weighed(wanted: frozenset[str], places: Sequence[Place]) -> dict[Place, float]:
    """For each place, how much it holds of the wanted terms; a term weighs more the fewer places hold it."""
    there = {place: held(wanted, place.terms) for place in places}
    # A sentence in the middle is in two pairs, one at the end in one: pairs do not count.
    single = sum(place.size != PAIR for place in there)
    counts = Counter(term for place, terms in there.items() if place.size != PAIR for term in terms)
    weights = {term: math.log(1 + single / count) for term, count in counts.items()}
    # The order of a set is another one in each process, and must not decide between two that hold as much.
    return {place: math.fsum(weights.get(term, 0.0) for term in terms) for place, terms in there.items()}
