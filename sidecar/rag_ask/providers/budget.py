"""Budget: paid calls within each site's daily budget, behind a circuit breaker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from rag_ask.db.database import Database
from rag_ask.errors import DatabaseFull, DatabaseUnavailable, ProviderUnavailable, RagAskError
from rag_ask.metrics import BREAKER_OPEN
from rag_ask.providers import usage as usage_
from rag_ask.providers.chat import ChatModel, Messages, Usage
from rag_ask.providers.chat.site import SiteModels
from rag_ask.providers.circuit_breaker import Breaker
from rag_ask.providers.prices import Price

log = structlog.get_logger(__name__)


@dataclass
class Call:
    """One paid call whose worst case is reserved. usage: what it has cost so far."""

    site_id: str
    reservation: UUID
    worst: Usage
    usage: Usage = field(default_factory=Usage)


class BudgetedModel:
    """A chat model that no site calls beyond its daily budget. One a process; safe to share between threads."""

    def __init__(self, database: Database, model: ChatModel | SiteModels, price: Price) -> None:
        self.name = model.name
        self._database = database
        self._model = model
        self._price = price
        self._breakers: dict[str, Breaker] = {}

    def is_available(self, site_id: str) -> bool:
        """False while the breaker is open, after the provider failed several times in a row."""
        return self._breaker(site_id).allows()

    def reserve(self, site_id: str, messages: Messages) -> Call | None:
        """Reserve what an answer may cost at most; None when today's budget does not hold it.

        Raises DatabaseUnavailable.
        """
        return self._reserve(site_id, messages, self._model.max_output_tokens)

    def stream(self, call: Call, messages: Messages) -> Iterator[str]:
        """Yield the texts of an answer. Raises ProviderUnavailable or ProviderRejected."""
        return self._metered(call, self._model_of(call.site_id).stream(messages))

    def complete(
        self,
        site_id: str,
        messages: Messages,
        max_output_tokens: int,
        timeout_s: float,
        *,
        budget_share: float = 1.0,
    ) -> str | None:
        """A short text, in one try; None when the budget does not allow it or the provider fails.

        budget_share: how much of the daily budget may be spent before it.
        """
        if not self.is_available(site_id):
            return None
        try:
            call = self._reserve(site_id, messages, max_output_tokens, budget_share)
            if call is None:
                return None
            model = self._model_of(site_id)
            return "".join(self._metered(call, model.complete(messages, max_output_tokens, timeout_s)))
        except RagAskError as error:
            log.warning("budget.write_nothing", code=error.code, reason=error.message)
            return None

    def _model_of(self, site_id: str) -> ChatModel:
        return self._model.for_site(site_id) if isinstance(self._model, SiteModels) else self._model

    def _breaker(self, site_id: str) -> Breaker:
        """One for all sites, or one for each where each has a model of its own."""
        return self._breakers.setdefault(site_id if isinstance(self._model, SiteModels) else "", Breaker())

    def _metered(self, call: Call, parts: Iterator[str | Usage]) -> Iterator[str]:
        """Yield the texts alone. What they cost is settled, also when nobody waits for the end."""
        try:
            for part in parts:
                if isinstance(part, Usage):
                    call.usage = part
                    continue
                if part:
                    # Until the provider has counted, whoever breaks off pays the most that it can have been.
                    call.usage = call.worst
                yield part
        except GeneratorExit:
            # Before the first word too: the provider is at work.
            call.usage = call.worst
            raise
        except ProviderUnavailable:
            # A question that was refused says nothing of the next one.
            self._breaker(call.site_id).failed()
            raise
        else:
            self._breaker(call.site_id).succeeded()
        finally:
            BREAKER_OPEN.set(any(breaker.is_open() for breaker in list(self._breakers.values())))
            self._settle(call)

    def _reserve(self, site_id: str, messages: Messages, max_output_tokens: int, share: float = 1.0) -> Call | None:
        worst = at_most(messages, max_output_tokens)
        try:
            with self._database.tenant(site_id) as connection:
                reservation = usage_.reserve(connection, site_id, self._price.most_microusd(worst), share)
        except DatabaseFull:
            # What cannot be counted is not paid for.
            log.warning("budget.reserve_nothing", site=site_id, reason="disk_full")
            return None
        return Call(site_id, reservation, worst) if reservation else None

    def _settle(self, call: Call) -> None:
        microusd = self._price.microusd(call.usage)
        try:
            with self._database.tenant(call.site_id) as connection:
                usage_.settle(connection, call.site_id, call.reservation, call.usage, microusd)
        except DatabaseUnavailable:
            # The answer is there; what it cost is in the log.
            log.exception("budget.settle", site=call.site_id, microusd=microusd)


def at_most(messages: Messages, max_output_tokens: int) -> Usage:
    """No tokenizer makes more tokens than there are bytes; each message has a few of its own."""
    read = sum(len(message["content"].encode()) + 16 for message in messages)
    return Usage(input_tokens=read, output_tokens=max_output_tokens)
