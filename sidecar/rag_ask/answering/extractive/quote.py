"""Extractive answers: the best passages as they stand on their pages, each with its source. Needs no key. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from rag_ask.answering.citations.markers import before_stop
from rag_ask.answering.extractive.excerpt import HEADING, Excerpt, Score, asks, excerpt
from rag_ask.answering.ground import Grounding
from rag_ask.passage import LABEL, Passage, Source
from rag_ask.retrieval.sections import Section
from rag_ask.text import analyze

NAME = "quote"
MAX_EXCERPTS = 2
# How many sources are looked at for them.
MAX_SOURCES = 4
# How good a second passage must be, measured by the first one.
WORTH = 0.75
# What a word in a heading counts, measured by one in the text below.
HEADING_WEIGHT = 0.5


def excerpts(grounding: Grounding, section_of: Callable[[Passage], Section]) -> Iterator[Excerpt]:
    """Yield up to MAX_EXCERPTS parts of pages, the best first, of different sections.

    Where they are all of one page, one of another page follows: the best page may be the wrong one.

    section_of: the section around a passage; called for those that are looked at alone.
    """
    shown: list[Excerpt] = []
    # Labels hold no sentence of the page.
    quotable = (source for source in grounding.sources if source.passage.kind != LABEL)
    sources = sorted(quotable, key=lambda source: -source.passage.score)

    def worth_showing(looked_at: Iterable[Source]) -> Iterator[Excerpt]:
        for source in looked_at:
            passage = source.passage
            if shown and passage.score < WORTH * shown[0].source.passage.score:
                return
            found = excerpt(source, section_of(passage), _score(passage, grounding.weights))
            if found and (new := found.beyond(shown)):
                shown.append(new)
                yield new

    yield from islice(worth_showing(sources[:MAX_SOURCES]), MAX_EXCERPTS)
    pages = {found.source.passage.post_id for found in shown}
    if len(shown) == MAX_EXCERPTS and len(pages) == 1:
        elsewhere = (source for source in sources if source.passage.post_id not in pages)
        yield from islice(worth_showing(islice(elsewhere, MAX_SOURCES)), 1)


def text_of(found: Excerpt) -> str:
    """The excerpt in plain lines, its marker at the end. A question is never said: it is only shown as a heading."""
    said = (piece for piece in found.pieces if piece.kind != HEADING or not asks(piece.lines[0]))
    text = "\n".join(line for piece in said for line in piece.lines)
    return before_stop(f"{_without_markers(text)} [{found.source.number}]")


def _score(passage: Passage, weights: Mapping[int, float]) -> Score:
    """What lines and their headings hold of the question, in weights."""

    def held(texts: Sequence[str]) -> dict[int, float]:
        places = analyze.dimensions("\n".join(texts), passage.language)
        return {place: weights[place] for place in places if place in weights}

    def score(lines: Sequence[str], headings: Sequence[str]) -> float:
        own, above = held(lines), held(headings)
        return sum(own.values()) + HEADING_WEIGHT * sum(above[place] for place in above.keys() - own.keys())

    return score


def _without_markers(text: str) -> str:
    """Return the text with `[1]` as `(1)`: what an author put in brackets must not pass for a citation."""
    rounded = re.sub(r"[\[【［]+([^\[\]【】［］\n]{0,60})[\]】］]+", r"(\1)", text)
    return rounded.translate(str.maketrans("[]【】［］", "()()()")).replace("```", "'''")
