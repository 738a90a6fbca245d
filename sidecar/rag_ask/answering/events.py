"""Events: one answer as it goes over the wire, `sources`, `delta`*, `answer`, `done`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import chain
from typing import Any

import structlog

from rag_ask.answering.answer import Event
from rag_ask.answering.answerer import UNSURE, Answering
from rag_ask.answering.beside import Beside
from rag_ask.answering.citations.citation import Citation, citation_of, shown_kind
from rag_ask.answering.citations.cite import Check, Citer
from rag_ask.answering.extractive.excerpt import Excerpt
from rag_ask.answering.faithfulness.check import is_stray
from rag_ask.answering.faithfulness.verdict import Question
from rag_ask.answering.ground import Grounding, is_private
from rag_ask.answering.sentence_check import Judge, SentenceCheck, judged_pieces, shown_pieces
from rag_ask.passage import Source
from rag_ask.text.language import detect
from rag_ask.text.timestamps import rfc3339

log = structlog.get_logger(__name__)


def answer_events(
    answering: Answering,
    grounding: Grounding,
    suggestions: Sequence[dict[str, str]] = (),
    *,
    undecided: str = "drop",
    judge: Judge | None = None,
    beside: Callable[[Sequence[Citation], bool], Beside] = lambda *_: Beside(),
) -> Generator[Event]:
    """The events of one answer. The texts of the deltas, put together, are the answer's text.

    `waiting` is no event on the wire: it comes now and then while there is nothing to show.

    suggestions: pages to name when there is no answer. undecided: `drop`, `mark` or `show` what the sources neither
    support nor contradict. judge: a second opinion on that. beside: what is shown beside these
    citations, and whether they are those of an answer.

    Raises ProviderUnavailable or ProviderRejected between the events.
    """
    sources = [_source(source) for source in grounding.sources]
    yield "sources", {"sources": sources}
    # Quotes are the sources' own words.
    language = "" if answering.is_quoting else grounding.language
    tells_rules = is_private(grounding)
    passages = [source.passage for source in grounding.sources]
    check = SentenceCheck(Question(grounding.question, language), undecided == "show")

    def citer_by(is_supported: Check) -> Citer:
        return Citer(
            grounding.sources,
            is_supported,
            # The rules may be told in another language too.
            lambda sentence: tells_rules(sentence) or is_stray(sentence, passages, language),
            undecided == "mark",
            check.is_contradicted,
        )

    citer = citer_by(check.is_supported)

    def cited(texts: Iterator[str]) -> Iterator[str]:
        if judge is None:
            return shown_pieces(citer, texts)
        return judged_pieces(citer, citer_by(check.may_be_supported), check, judge, texts)

    text = ""
    with closing(answering.texts) as texts:
        for shown in _shown(answering, cited, texts):
            text += shown
            yield ("delta", {"text": shown}) if shown else ("waiting", {})
    citations = [citation_of(found.source, found.line) for found in answering.excerpts] or citer.citations
    if language and detect(text) not in ("", language):
        log.warning("events.other_language", language=language, model=answering.model)
    shown_beside = beside(citations, answering.outcome != UNSURE)
    usage = asdict(answering.usage)
    del usage["cache_write_tokens"]
    yield (
        "answer",
        {
            "outcome": answering.outcome if citations else "abstained",
            "answer": text.rstrip(),
            "citations": [_citation(citation) for citation in citations],
            "excerpts": [_excerpt(found) for found in answering.excerpts],
            "sources": sources,
            "suggestions": [] if citations else list(suggestions),
            "further_questions": shown_beside.further_questions,
            "images": shown_beside.images,
            "model": answering.model,
            "usage": usage,
        },
    )
    yield "done", {}


def _shown(
    answering: Answering, cited: Callable[[Iterator[str]], Iterator[str]], texts: Iterator[str]
) -> Iterator[str]:
    """What may be shown of the texts. Excerpts are the pages' own words; pages that may help are no answer."""
    for text in texts:
        if not text:
            yield ""
            continue
        # From the first word on it is settled who writes.
        written = chain([text], texts)
        if not answering.is_quoting:
            yield from cited(written)
            continue
        yield from ("" if answering.outcome == UNSURE else piece for piece in written)


def _source(source: Source) -> dict[str, Any]:
    passage = source.passage
    named = {"number": source.number, "title": passage.title, "url": passage.url, "heading": passage.heading}
    return named | {"kind": shown_kind(passage)}


def _excerpt(found: Excerpt) -> dict[str, Any]:
    pieces = [{"kind": piece.kind, "lines": list(piece.lines)} for piece in found.pieces]
    return {"number": found.source.number, "pieces": pieces}


def _citation(citation: Citation) -> dict[str, Any]:
    return asdict(citation) | {"date": rfc3339(citation.date)}
