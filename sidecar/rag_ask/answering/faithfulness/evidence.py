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
from functools import cached_property, lru_cache
from itertools import pairwise

from rag_ask.answering.faithfulness.lines import QUESTION_END, blocks
from rag_ask.answering.faithfulness.statements import statements_of, with_figures
from rag_ask.answering.faithfulness.terms import held, stems
from rag_ask.passage import Passage
from rag_ask.text import analyze
from rag_ask.text.figures import WHEN, Figure, figures
from rag_ask.text.free import in_one_word
from rag_ask.text.language import detect
from rag_ask.text.sentences import sentences

_NUMBERED = re.compile(r"(\b[^\W\d_]+[\s-]?)\d+")
STATEMENT, SENTENCE, HEADING, PAIR = 1, 2, 3, 4


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
    is_card: bool = False

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
        return any(figure.is_same(other) for other in self.counted)


# The sentences of one answer share their passages.
@lru_cache(maxsize=64)
def places_of(passage: Passage, spoken: str = "") -> list[Place]:
    """The places of a passage, in its order; its headings last.

    spoken: the language of what is held against it, for a passage of too few words to tell its own.
    """
    titles = [passage.title, *passage.heading_path]
    language = detect(passage.text, [passage.language]) or detect("\n".join(titles)) or spoken
    about = stems("\n".join(titles), language)
    named = _named(" ".join(titles), passage.text, language)
    found: dict[Place, None] = {}

    def place(
        text: str,
        size: int,
        above: frozenset[str],
        sentence: str = "",
        when: frozenset[str] = frozenset(),
        is_card: bool = False,
    ) -> None:
        found.setdefault(Place(text, language, size, above, named | when, sentence, is_card))

    for block in blocks(in_one_word(passage.text, language)):
        above = about | stems(block.lead_in, language)
        if block.cells:
            for cell in block.cells:
                place(cell, STATEMENT, above, block.line)
            place(block.line, SENTENCE, above, block.line, is_card=True)
            continue
        inside = _joined_to_answers(part.strip() for part in sentences(block.line))
        for part in inside:
            # "The room costs £80, with a view £95": what comes later leaves out what was said before.
            inherited, when = above, frozenset[str]()
            for one in statements_of(part, language):
                own = frozenset(
                    form for figure in figures(one, language) if figure.unit in WHEN for form in figure.forms
                )
                when = own or when
                place(one, STATEMENT, inherited, part, when)
                inherited |= stems(one, language)
            for one in with_figures(part, language):
                place(one, STATEMENT, above, part)
            place(part, SENTENCE, above, part, is_card=block.is_card)
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


def weighed(wanted: frozenset[str], places: Sequence[Place]) -> dict[Place, float]:
    """For each place, how much it holds of the wanted terms; a term weighs more the fewer places hold it."""
    there = {place: held(wanted, place.terms) for place in places}
    # A sentence in the middle is in two pairs, one at the end in one: pairs do not count.
    single = sum(place.size != PAIR for place in there)
    counts = Counter(term for place, terms in there.items() if place.size != PAIR for term in terms)
    weights = {term: math.log(1 + single / count) for term, count in counts.items()}
    # The order of a set is another one in each process, and must not decide between two that hold as much.
    return {place: math.fsum(weights.get(term, 0.0) for term in terms) for place, terms in there.items()}
