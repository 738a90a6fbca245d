"""Answer models: a question and its grounding in, text deltas out. One file a provider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from rag_ask.ground import Grounding


@dataclass(frozen=True)
class Usage:
    """Tokens that one answer cost, as the provider counted them (0 where nothing is paid)."""

    input_tokens: int = 0
    output_tokens: int = 0


class AnswerModel(Protocol):
    """Writes an answer from numbered sources, marking each sentence with the sources it used: `text [1].`

    `outcome` is what an answer of this model is called on the wire: `answered` or `quoted`.
    """

    name: str
    outcome: str

    def stream(self, grounding: Grounding) -> Iterator[str | Usage]:
        """Yield text deltas, then one Usage. No text at all means: the sources do not answer the question.

        Raises ProviderUnavailable or ProviderRejected, before the first delta or in the middle.
        """
        ...
