"""Answerer: stream an answer from the chat model, or an extractive answer in its place."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial

import structlog

from rag_ask.answering.extractive import quote
from rag_ask.answering.extractive.excerpt import Excerpt
from rag_ask.answering.ground import Grounding
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable, ProviderRejected, ProviderUnavailable
from rag_ask.providers.budget import BudgetedModel, Call
from rag_ask.providers.chat import Messages, Usage
from rag_ask.retrieval import sections

log = structlog.get_logger(__name__)

BUDGET_EXHAUSTED = "budget_exhausted"
ANSWERED = "answered"
QUOTED = "quoted"
UNSURE = "unsure"


@dataclass
class Answering:
    """One answer being written. After the last text: how it came about, by what model, for how many tokens.

    texts: an empty one is a heartbeat. excerpts: what an extractive answer is made of, as far as it was written.
    """

    outcome: str
    model: str
    is_quoting: bool = False
    excerpts: list[Excerpt] = field(default_factory=list)
    call: Call | None = None
    texts: Generator[str] = field(init=False, repr=False)

    @property
    def usage(self) -> Usage:
        """What it has cost so far."""
        return self.call.usage if self.call else Usage()


class Answerer:
    """Answers with the chat model while its provider works and the site's daily budget lasts, else with quotes.

    One a process; safe to share between threads.
    """

    def __init__(self, database: Database, chat: BudgetedModel | None = None) -> None:
        self._database = database
        self.chat = chat

    @property
    def model(self) -> str:
        """Who answers when nothing stands in the way."""
        return self.chat.name if self.chat else quote.NAME

    def without_model(self) -> Answerer:
        """One that answers with quotes alone."""
        return Answerer(self._database)

    def begin(self, site_id: str, grounding: Grounding, *, is_sure: bool = True) -> Answering:
        """Choose who answers. is_sure: see `Decision`; a model that reads the passages finds out by itself.

        Raises DatabaseUnavailable: what it costs cannot be counted then.
        """
        quoted = QUOTED if is_sure else UNSURE
        if self.chat is None or not grounding.sources or not self.chat.is_available(site_id):
            return self._quoting(site_id, grounding, quoted)
        call = self.chat.reserve(site_id, grounding.messages)
        if call is None:
            return self._quoting(site_id, grounding, BUDGET_EXHAUSTED if is_sure else UNSURE)
        answering = Answering(ANSWERED, self.chat.name, call=call)
        answering.texts = self._chat_texts(answering, self.chat, call, grounding, quoted)
        return answering

    def complete(self, site_id: str, messages: Messages, max_output_tokens: int, timeout_s: float) -> str | None:
        """A short text of the chat model's; None when there is no such model, or it may not or cannot."""
        return self.chat.complete(site_id, messages, max_output_tokens, timeout_s) if self.chat else None

    def _quoting(self, site_id: str, grounding: Grounding, outcome: str) -> Answering:
        answering = Answering(outcome, quote.NAME, is_quoting=True)
        answering.texts = self._quotes(answering, site_id, grounding)
        return answering

    def _quotes(self, answering: Answering, site_id: str, grounding: Grounding) -> Generator[str]:
        for found in self._excerpts(site_id, grounding):
            gap = "\n\n" if answering.excerpts else ""
            answering.excerpts.append(found)
            yield gap + quote.text_of(found)

    def _excerpts(self, site_id: str, grounding: Grounding) -> list[Excerpt]:
        """All at once, so that no connection is held while the answer is sent."""
        try:
            return self._database.read(
                site_id, lambda connection: list(quote.excerpts(grounding, partial(sections.read, connection, site_id)))
            )
        except DatabaseUnavailable:
            # The passages are found already.
            return list(quote.excerpts(grounding, sections.alone))

    def _chat_texts(
        self, answering: Answering, chat: BudgetedModel, call: Call, grounding: Grounding, quoted: str
    ) -> Generator[str]:
        has_begun = False
        try:
            for text in chat.stream(call, grounding.messages):
                has_begun = has_begun or bool(text)
                yield text
        except (ProviderUnavailable, ProviderRejected) as error:
            if has_begun:
                raise
            log.warning("answering.quote", site=call.site_id, code=error.code, reason=error.message)
            answering.outcome, answering.model, answering.is_quoting = quoted, quote.NAME, True
            yield from self._quotes(answering, call.site_id, grounding)
