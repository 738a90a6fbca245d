"""What the paid models share: deadlines, tries, the abstain word and the count of tokens."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing

from rag_ask.answer import Usage
from rag_ask.answer.reply import Reply
from rag_ask.ground import Grounding
from rag_ask.provider import Provider

# What the prompt tells the model to write when the sources do not answer the question.
ABSTAIN = "NOT_ON_THIS_SITE"
# Models like to wrap such a word.
WRAPPING = " \t\r\n\"'`*_.“”「」"

Messages = Sequence[dict[str, str]]


class PaidModel(ABC):
    """Writes answers over HTTP. Safe to share between threads."""

    outcome = "answered"

    def __init__(
        self,
        name: str,
        provider: Provider,
        first_token_timeout_s: float = 15.0,
        total_timeout_s: float = 60.0,
        max_output_tokens: int = 800,
        retry_pause_s: float = 0.5,
    ) -> None:
        """first_token_timeout_s: to the first word, retries included, and the longest silence after it."""
        self.name = name
        self.max_output_tokens = max_output_tokens
        self._provider = provider
        self._first_token_timeout_s = first_token_timeout_s
        self._total_timeout_s = total_timeout_s
        self._retry_pause_s = retry_pause_s

    @abstractmethod
    def request(self, messages: Messages, max_output_tokens: int, first_by: float) -> Reply:
        """Send one request and return its reply, nothing of it read yet. first_by: on the monotonic clock."""

    def stream(self, grounding: Grounding) -> Iterator[str | Usage]:
        """Yield text deltas, then one Usage; no text when the model abstains.

        Raises ProviderUnavailable or ProviderRejected, before the first delta or in the middle.
        """
        started = time.monotonic()
        first_by = started + self._first_token_timeout_s
        reply = self._provider.with_retries(
            lambda: self._open(grounding.messages, self.max_output_tokens, first_by), first_by, self._retry_pause_s
        )
        with closing(reply):
            reply.finish_by = started + self._total_timeout_s
            yield from without_abstention(reply.texts())
            yield reply.usage or estimate(grounding.messages, reply.characters)

    def write(self, messages: Messages, max_output_tokens: int, timeout_s: float) -> Iterator[str | Usage]:
        """Yield the text that follows these messages, then one Usage. One try, `timeout_s` for all of it.

        Raises ProviderUnavailable or ProviderRejected.
        """
        # No try starts after the deadline, so this is the only one.
        now = time.monotonic()
        reply = self._provider.with_retries(lambda: self._open(messages, max_output_tokens, now + timeout_s), now, 0.0)
        with closing(reply):
            yield from reply.texts()
            yield reply.usage or estimate(messages, reply.characters)

    def _open(self, messages: Messages, max_output_tokens: int, first_by: float) -> Reply:
        """Return a reply whose first text is there."""
        reply = self.request(messages, max_output_tokens, first_by)
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


def at_most(messages: Messages, max_output_tokens: int) -> Usage:
    """No tokenizer makes more tokens than there are bytes; each message has a few of its own."""
    read = sum(len(message["content"].encode()) + 16 for message in messages)
    return Usage(input_tokens=read, output_tokens=max_output_tokens)
