"""Answering: who writes an answer, and what it costs. The model that the settings name, or quotes in its place."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from rag_ask import metered
from rag_ask import usage as usage_
from rag_ask.answer import Usage, Writer
from rag_ask.answer.paid import Messages, at_most
from rag_ask.answer.quote import QuoteModel
from rag_ask.breaker import Breaker
from rag_ask.database import Database
from rag_ask.embed import Embedder
from rag_ask.errors import DatabaseUnavailable, ProviderRejected, ProviderUnavailable, RagAskError
from rag_ask.ground import Grounding
from rag_ask.prices import Price

log = logging.getLogger(__name__)

BUDGET_EXHAUSTED = "budget_exhausted"


@dataclass
class Call:
    """One paid call whose worst case is set aside already."""

    site_id: str
    reservation: UUID
    worst: Usage


@dataclass
class Answering:
    """One answer being written. After the last text: how it came about, by what model, for how many tokens.

    texts: an empty one is a sign of life.
    """

    outcome: str
    model: str
    is_quoting: bool = False
    usage: Usage = field(default_factory=Usage)
    texts: Generator[str] = field(init=False, repr=False)


class Answerer:
    """Answers with the paid model while its provider works and the site's daily budget lasts, else with quotes.

    One a process; safe to share between threads.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        paid: Writer | None = None,
        price: Price | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._paid = paid
        self._price = price or Price(0, 0, 0)
        self._breaker = breaker or Breaker()

    @property
    def model(self) -> str:
        """Who answers when nothing stands in the way."""
        return self._paid.name if self._paid else QuoteModel.name

    def without_model(self) -> Answerer:
        """One that answers with quotes alone."""
        return Answerer(self._database, self._embedder)

    def begin(self, site_id: str, grounding: Grounding) -> Answering:
        """Choose who answers. Raises DatabaseUnavailable: what it costs cannot be counted then."""
        if self._paid is None or not grounding.sources or not self._breaker.allows():
            return self._quoting(site_id, grounding, QuoteModel.outcome)
        call = self._reserve(site_id, grounding.messages, self._paid.max_output_tokens)
        if call is None:
            return self._quoting(site_id, grounding, BUDGET_EXHAUSTED)
        answering = Answering(self._paid.outcome, self._paid.name)
        answering.texts = self._paid_texts(answering, self._paid, call, grounding)
        return answering

    def write(
        self,
        site_id: str,
        messages: Messages,
        max_output_tokens: int,
        timeout_s: float,
        *,
        budget_share: float = 1.0,
    ) -> str | None:
        """A short text of the paid model's, in one try; None when there is no such model, or it may not or cannot.

        budget_share: how much of the daily budget may be spent before it.
        """
        if self._paid is None or not self._breaker.allows():
            return None
        try:
            call = self._reserve(site_id, messages, max_output_tokens, budget_share)
            if call is None:
                return None
            written = Answering(self._paid.outcome, self._paid.name)
            parts = self._paid.write(messages, max_output_tokens, timeout_s)
            return "".join(self._metered(written, call, parts))
        except RagAskError as error:
            log.warning("answering action=write_nothing code=%s reason=%s", error.code, error.message)
            return None

    def _quoting(self, site_id: str, grounding: Grounding, outcome: str) -> Answering:
        answering = Answering(outcome, QuoteModel.name, is_quoting=True)
        answering.texts = self._quotes(site_id, grounding)
        return answering

    def _quotes(self, site_id: str, grounding: Grounding) -> Generator[str]:
        quote = QuoteModel(metered.for_site(self._embedder, self._database, site_id))
        yield from (part for part in quote.stream(grounding) if isinstance(part, str))

    def _paid_texts(self, answering: Answering, paid: Writer, call: Call, grounding: Grounding) -> Generator[str]:
        has_begun = False
        try:
            for text in self._metered(answering, call, paid.stream(grounding)):
                has_begun = has_begun or bool(text)
                yield text
        except (ProviderUnavailable, ProviderRejected) as error:
            if has_begun:
                raise
            log.warning("answering action=quote site=%s code=%s reason=%s", call.site_id, error.code, error.message)
            answering.outcome, answering.model, answering.is_quoting = QuoteModel.outcome, QuoteModel.name, True
            yield from self._quotes(call.site_id, grounding)

    def _metered(self, answering: Answering, call: Call, parts: Iterator[str | Usage]) -> Iterator[str]:
        """Yield the texts alone. What they cost is settled, also when nobody waits for the end."""
        try:
            for part in parts:
                if isinstance(part, Usage):
                    answering.usage = part
                    continue
                if part:
                    # Until the provider has counted, whoever breaks off pays the most that it can have been.
                    answering.usage = call.worst
                yield part
        except GeneratorExit:
            # Before the first word too: the provider is at it.
            answering.usage = call.worst
            raise
        except ProviderUnavailable:
            # A question that was refused says nothing of the next one.
            self._breaker.failed()
            raise
        else:
            self._breaker.succeeded()
        finally:
            self._settle(call, answering.usage)

    def _reserve(self, site_id: str, messages: Messages, max_output_tokens: int, share: float = 1.0) -> Call | None:
        worst = at_most(messages, max_output_tokens)
        with self._database.tenant(site_id) as connection:
            reservation = usage_.reserve(connection, site_id, self._price.most_microusd(worst), share)
        return Call(site_id, reservation, worst) if reservation else None

    def _settle(self, call: Call, usage: Usage) -> None:
        microusd = self._price.microusd(usage)
        try:
            with self._database.tenant(call.site_id) as connection:
                usage_.settle(connection, call.site_id, call.reservation, usage, microusd)
        except DatabaseUnavailable:
            # The answer is there; what it cost is in the log.
            log.exception("answering action=settle site=%s microusd=%d", call.site_id, microusd)
