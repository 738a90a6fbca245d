"""Citation: a source that an answer used -> its nearest sentence and a link to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rag_ask.answering.citations.text_fragment import fragment_url
from rag_ask.passage import Passage, Source
from rag_ask.text import analyze
from rag_ask.text.aside import Line, lines
from rag_ask.text.sentences import sentences

MAX_QUOTE_CHARACTERS = 300


@dataclass(frozen=True)
class Citation:
    """A source that the answer used. quote: the sentence of it that comes nearest to what the answer says."""

    number: int
    document_id: int
    title: str
    url: str
    heading: str
    quote: str
    date: datetime | None
    fragment_url: str


def citation_of(source: Source, said: str) -> Citation:
    """The citation of a source for what the answer says by it."""
    passage = source.passage
    nearest = _nearest(said, passage)
    # A term or an author stands behind what the answer says, but is no sentence; and what is not on the page is not
    # to be found on it.
    quote = "" if nearest.is_label else _cut(nearest.text)
    url = fragment_url(passage.url, quote, passage.text) if nearest.is_on_page else passage.url
    return Citation(
        source.number, passage.post_id, passage.title, passage.url, passage.heading, quote, passage.modified_at, url
    )


def _nearest(said: str, passage: Passage) -> Line:
    """Return the sentence with the most terms in common, by the Dice coefficient; of two, one on the page."""
    wanted = set(analyze.terms(said, ""))

    def likeness(sentence: Line) -> tuple[float, bool, bool]:
        terms = set(analyze.terms(sentence.text, ""))
        return 2 * len(wanted & terms) / (len(wanted) + len(terms) or 1), sentence.is_on_page, not sentence.is_label

    found = [replace(line, text=part.strip()) for line in lines(passage.text) for part in sentences(line.text)]
    return max(found, key=likeness, default=Line("", is_on_page=True, is_label=False))


def _cut(quote: str) -> str:
    return quote if len(quote) <= MAX_QUOTE_CHARACTERS else quote[: MAX_QUOTE_CHARACTERS - 1].rstrip() + "…"
