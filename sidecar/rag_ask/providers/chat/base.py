"""What chat models share: deadlines, retries, the abstain word and token estimates."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from contextlib import closing

from rag_ask.providers.chat import Messages, Usage
from rag_ask.providers.chat.heartbeat import listen
from rag_ask.providers.chat.reasoning import ReasoningFilter
from rag_ask.providers.chat.span import traced
from rag_ask.providers.chat.sse import Reply, too_late
from rag_ask.providers.http_errors import Provider

# What the prompt tells the model to write when the sources do not answer the question.
ABSTAIN = "NOT_ON_THIS_SITE"
# Models like to wrap such a word.
WRAPPING = " \t\r\n\"'`*_.“”「」"

# For a whole answer.
TOTAL_TIMEOUT_S = 60.0

Parts = Generator[str | Usage]


class PaidModel(ABC):
    """Writes answers over HTTP. Safe to share between threads."""

    # Whose models these are; the name begins with it.
    vendor: str
    provider: Provider

    def __init__(
        self,
        model: str,
        api_key: str,
        base_url: str | None = None,
        first_token_timeout_s: float = 15.0,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
        max_output_tokens: int = 800,
        retry_pause_s: float = 0.5,
    ) -> None:
        """first_token_timeout_s: to the first word, retries included, and the longest silence after it."""
        self.name = f"{self.vendor}/{model}"
        self.max_output_tokens = max_output_tokens
        self._model = model
        self._first_token_timeout_s = first_token_timeout_s
        self._total_timeout_s = total_timeout_s
        self._retry_pause_s = retry_pause_s
        # Its replies begin with reasoning that only has a closing mark.
        self._begins_with_reasoning = False
        self.connect(api_key, base_url, first_token_timeout_s)

    @abstractmethod
    def connect(self, api_key: str, base_url: str | None, timeout_s: float) -> None:
        """Make the client, and what depends on whom it speaks to. Nothing is sent yet."""

    @abstractmethod
    def request(self, messages: Messages, max_output_tokens: int, first_by: float) -> Reply:
        """Send one request and return its reply, nothing of it read yet. first_by: on the monotonic clock."""

    def stream(self, messages: Messages) -> Iterator[str | Usage]:
        """See ChatModel. Raises ProviderUnavailable or ProviderRejected."""
        started, left = time.monotonic(), threading.Event()
        finish_by = started + self._total_timeout_s
        parts = listen(self._answer(messages, started, finish_by, left), finish_by, left)
        return traced(parts, self.vendor, self._model, self.max_output_tokens, messages)

    def complete(self, messages: Messages, max_output_tokens: int, timeout_s: float) -> Iterator[str | Usage]:
        """See ChatModel. Raises ProviderUnavailable or ProviderRejected."""
        started, left = time.monotonic(), threading.Event()
        finish_by = started + timeout_s
        parts = listen(self._text(messages, max_output_tokens, started, finish_by, left), finish_by, left)
        return traced(parts, self.vendor, self._model, max_output_tokens, messages)

    def _answer(self, messages: Messages, started: float, finish_by: float, left: threading.Event) -> Parts:
        first_by = started + self._first_token_timeout_s
        reply = self.provider.with_retries(
            lambda: self._open(messages, self.max_output_tokens, first_by, left),
            first_by,
            self._retry_pause_s,
        )
        with closing(reply):
            reply.finish_by = finish_by
            yield from without_abstention(self._said(reply))
            yield reply.usage or estimate(messages, reply.characters)

    def _text(
        self, messages: Messages, max_output_tokens: int, started: float, finish_by: float, left: threading.Event
    ) -> Parts:
        # No try starts after the deadline, so this is the only one.
        reply = self.provider.with_retries(
            lambda: self._open(messages, max_output_tokens, finish_by, left), started, 0.0
        )
        with closing(reply):
            yield from self._said(reply)
            yield reply.usage or estimate(messages, reply.characters)

    def _said(self, reply: Reply) -> Iterator[str]:
        """Yield the texts without reasoning. Raises ProviderUnavailable or ProviderRejected."""
        reasoning, has_said = ReasoningFilter(self._begins_with_reasoning), False
        for text in reply.texts():
            if said := reasoning.feed(text):
                has_said = True
                yield said
        self._begins_with_reasoning |= reasoning.closed_unopened
        if said := reasoning.close(reply.is_cut):
            yield said
        elif not has_said and reply.is_cut:
            raise reply.used_up()

    def _open(self, messages: Messages, max_output_tokens: int, first_by: float, left: threading.Event) -> Reply:
        """Return a reply whose first text is there. Nothing is sent any more when the visitor left."""
        if left.is_set():
            raise too_late()
        reply = self.request(messages, max_output_tokens, first_by)
        reply.left = left
        try:
            reply.read_first()
        except BaseException:
            reply.close()
            raise
        return reply


def without_abstention(deltas: Iterator[str]) -> Iterator[str]:
    """Yield the deltas, or nothing when they start with the abstain word; hold back until that is clear."""
    held = ""
    for delta in deltas:
        held += delta
        start = held.lstrip(WRAPPING).upper()
        if start.startswith(ABSTAIN):
            # To the end: the count of tokens comes last.
            for _ in deltas:
                pass
            return
        if not ABSTAIN.startswith(start):
            yield held
            yield from deltas
            return
    if held.strip(WRAPPING):
        yield held


def estimate(messages: Messages, characters: int) -> Usage:
    """The usual four characters a token, for servers that do not count."""
    question = sum(len(message["content"]) for message in messages)
    return Usage(input_tokens=question // 4 + 1, output_tokens=characters // 4 + 1)
