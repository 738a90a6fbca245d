"""Headings: which can be asked as they stand, and which of these their own section answers. Without a model."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import structlog

from rag_ask.answering.extractive.excerpt import asks
from rag_ask.answering.pipeline import answer
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.db import tried_questions
from rag_ask.db.tried_questions import Due, TriedQuestion
from rag_ask.errors import RagAskError
from rag_ask.tenant import Site, Visitor
from rag_ask.text.invisible import one_line

log = structlog.get_logger(__name__)

# Of a site: its newest documents, a few headings of each.
MAX_DOCUMENTS = 300
MAX_HEADINGS = 6
# In a round, so that one site does not keep the others waiting.
ROUND_DOCUMENTS = 25
ROUND_S = 10.0

MAX_CHARACTERS = 90
MAX_WORDS = 6
# Languages that write "opening hours" as one word, and how long such a word is at least.
ONE_WORD = {"da", "de", "fi", "hu", "nb", "nl", "nn", "no", "sv"}
MIN_ONE_WORD = 10
# Scripts without spaces between words: a few characters are a phrase.
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
MIN_UNSPACED = 4

_NUMBER = re.compile(r"^\s*(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[IVX]{1,4}[.)])\s+")
# A part of a sentence, an address or a date is no question.
_REFUSED = re.compile(r"https?://|www\.|@|[.:!…,;]$|^\W*\d[\d\W]*$")


def question_of(heading: str, language: str) -> str:
    """The heading as a visitor may ask it, "" when it cannot be asked as it stands. language: of the page (BCP 47)."""
    text = _NUMBER.sub("", one_line(heading)).strip()
    if not 3 <= len(text) <= MAX_CHARACTERS or _REFUSED.search(text):
        return ""
    return text if asks(text) or _is_phrase(text, language) else ""


def _is_phrase(text: str, language: str) -> bool:
    words = text.split()
    if UNSPACED.search(text):
        return len(text) >= MIN_UNSPACED
    if len(words) == 1:
        return language.split("-")[0].lower() in ONE_WORD and len(text) >= MIN_ONE_WORD
    return len(words) <= MAX_WORDS


def try_site(line: ReadLine, site: Site, stop: threading.Event) -> int:
    """Try the headings of documents that were stored since, for ROUND_S seconds at most. Returns how many documents.

    line: answers without a model. Raises DatabaseUnavailable; another failure of a question ends the round.
    """
    deadline = time.monotonic() + ROUND_S
    with line.database.tenant(site.site_id) as connection:
        documents = tried_questions.due(connection, site.site_id, MAX_DOCUMENTS, ROUND_DOCUMENTS)
    for count, document in enumerate(documents):
        if stop.is_set() or time.monotonic() > deadline:
            return count
        with line.database.tenant(site.site_id) as connection:
            headings = tried_questions.headings(connection, site.site_id, document.post_id, MAX_HEADINGS)
        try:
            tried = list(_answered(line, site, document, headings))
        except RagAskError as error:
            log.warning("headings.untried", site=site.site_id, code=error.code)
            return count
        with line.database.tenant(site.site_id) as connection:
            tried_questions.replace(connection, site.site_id, document, tried)
    return len(documents)


def _answered(line: ReadLine, site: Site, document: Due, headings: list[tuple[str, int]]) -> Iterator[TriedQuestion]:
    """Those that a guest of the site gets this document's section for."""
    visitor = Visitor(site, "headings", ("public",), document.language, is_server=True)
    seen = set[str]()
    for heading, position in headings:
        question = question_of(heading, document.language)
        if not question or question.casefold() in seen:
            continue
        seen.add(question.casefold())
        given = answer(line, Asked(visitor, question))
        said = next(data for name, data in given.events if name == "answer")
        if said["outcome"] == "quoted" and _is_of(said["citations"][0], document.post_id, heading):
            yield TriedQuestion(question, position, given.confidence)


def _is_of(citation: dict[str, object], post_id: int, heading: str) -> bool:
    return citation["document_id"] == post_id and heading in str(citation["heading"])
