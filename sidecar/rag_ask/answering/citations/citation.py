"""Citation: a source that an answer used -> its nearest sentence and a link to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag_ask.answering.citations.text_fragment import fragment_url
from rag_ask.passage import LABEL, NOTE, PAGE, Passage, Source
from rag_ask.text import analyze
from rag_ask.text.sentences import sentences

MAX_QUOTE_CHARACTERS = 300


@dataclass(frozen=True)
class Citation:
    """A source that the answer used. quote: the sentence of it that comes nearest to what the answer says.

    kind: `note` for what the owner of the site wrote, whose url is "" where no page was chosen; else `page`.
    """

    number: int
    document_id: int
    title: str
    url: str
    heading: str
    quote: str
    date: datetime | None
    fragment_url: str
    kind: str = PAGE


def citation_of(source: Source, said: str) -> Citation:
    """The citation of a source for what the answer says by it."""
    passage = source.passage
    # Terms and an author support what the answer says, but hold no sentence to quote.
    quote = "" if passage.kind == LABEL else _cut(_nearest(said, passage))
    # Metadata is not on the page, so no fragment would find it there. Viewers of files know no fragments of text.
    has_fragment = passage.kind == PAGE and not passage.is_file
    url = fragment_url(passage.url, quote, passage.text) if has_fragment else passage.url
    return Citation(
        source.number, passage.post_id, passage.title, passage.url, passage.heading, quote, passage.modified_at, url,
        shown_kind(passage),
    )  # fmt: skip


def shown_kind(passage: Passage) -> str:
    """What a visitor is told of where a passage stands: on a page, or in a note of the owner."""
    return NOTE if passage.kind == NOTE else PAGE


def _nearest(said: str, passage: Passage) -> str:
    """Return the sentence with the most terms in common, by the Dice coefficient."""
    wanted = set(analyze.terms(said, ""))

    def likeness(sentence: str) -> float:
        terms = set(analyze.terms(sentence, ""))
        return 2 * len(wanted & terms) / (len(wanted) + len(terms) or 1)

    found = [part.strip() for line in passage.text.split("\n") for part in sentences(line)]
    return max(found, key=likeness, default="")


def _cut(quote: str) -> str:
    return quote if len(quote) <= MAX_QUOTE_CHARACTERS else quote[: MAX_QUOTE_CHARACTERS - 1].rstrip() + "…"
