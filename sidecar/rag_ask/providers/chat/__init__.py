"""Chat models: messages in, text deltas out. One file a provider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

Messages = Sequence[dict[str, str]]


@dataclass(frozen=True)
class Usage:
    """Tokens that one answer cost, as the provider counted them (0 where nothing is paid).

    input_tokens: all that was read. Of these, cached_tokens came from the provider's cache of prompts and
    cache_write_tokens went into it; both have prices of their own.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0


class ChatModel(Protocol):
    """A model behind an API, paid by the token."""

    name: str
    max_output_tokens: int

    def stream(self, messages: Messages) -> Iterator[str | Usage]:
        """Yield the text deltas of an answer, then one Usage. No text at all: the sources do not answer the question.

        An empty delta is a heartbeat: nothing new, but the model is at work.

        Raises ProviderUnavailable or ProviderRejected, before the first delta or in the middle.
        """
        ...

    def complete(self, messages: Messages, max_output_tokens: int, timeout_s: float) -> Iterator[str | Usage]:
        """Yield the text that follows these messages, then one Usage. One try, `timeout_s` for all of it.

        Raises ProviderUnavailable or ProviderRejected.
        """
        ...
