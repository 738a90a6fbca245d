"""Answer models: a question and its grounding in, text deltas out. One file a provider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag_ask.ground import Grounding


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


class AnswerModel(Protocol):
    """Writes an answer from numbered sources, marking each sentence with the sources it used: `text [1].`

    `outcome` is what an answer of this model is called on the wire: `answered` or `quoted`.
    """

    name: str
    outcome: str

    def stream(self, grounding: Grounding) -> Iterator[str | Usage]:
        """Yield text deltas, then one Usage. No text at all means: the sources do not answer the question.

        An empty delta is a sign of life: nothing new, but the model is at it.

        Raises ProviderUnavailable or ProviderRejected, before the first delta or in the middle.
        """
        ...


class Writer(AnswerModel, Protocol):
    """A model that writes freely and is paid by the token."""

    max_output_tokens: int

    def write(
        self, messages: Sequence[dict[str, str]], max_output_tokens: int, timeout_s: float
    ) -> Iterator[str | Usage]:
        """Yield the text that follows these messages, then one Usage. One try, `timeout_s` for all of it.

        Raises ProviderUnavailable or ProviderRejected.
        """
        ...
