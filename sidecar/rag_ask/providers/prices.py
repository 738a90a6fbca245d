"""Prices: tokens -> millionths of a US dollar. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rag_ask.providers.chat import Usage

# USD for a million tokens read, read from the cache of prompts, and written, as the providers listed them in
# November 2026. RAG_ASK_CHAT_PRICE_USD wins over it.
LISTED: dict[str, tuple[float, float, float]] = {
    "gpt-4o": (2.5, 1.25, 10),
    "gpt-4o-mini": (0.15, 0.075, 0.6),
    "gpt-4.1": (2, 0.5, 8),
    "gpt-4.1-mini": (0.4, 0.1, 1.6),
    "gpt-4.1-nano": (0.1, 0.025, 0.4),
    "gpt-5": (1.25, 0.125, 10),
    "gpt-5-mini": (0.25, 0.025, 2),
    "gpt-5-nano": (0.05, 0.005, 0.4),
    "gpt-5.4": (2.5, 0.25, 15),
    "gpt-5.4-mini": (0.75, 0.075, 4.5),
    "claude-fable-5-1": (10, 0.25, 50),
    "claude-opus-4-5": (5, 0.5, 25),
    "claude-opus-4-8": (5, 0.5, 25),
    "claude-opus-5": (5, 0.5, 25),
    "claude-opus-5-5": (4, 0.2, 20),
    "claude-sonnet-4-5": (3, 0.3, 15),
    "claude-sonnet-4-6": (3, 0.3, 15),
    "claude-sonnet-5-5": (2, 0.1, 10),
    "claude-haiku-4-5": (1, 0.1, 5),
    "claude-haiku-5-5": (0.1, 0.01, 0.5),
}
# USD for a million tokens embedded, by the same lists. RAG_ASK_EMBEDDING_PRICE_USD wins over it.
EMBEDDING_LISTED = {"text-embedding-3-small": 0.02, "text-embedding-3-large": 0.13, "text-embedding-ada-002": 0.1}
# What Anthropic asks for putting tokens into its cache, in prices of tokens read.
CACHE_WRITE = 1.25
_DATE = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


@dataclass(frozen=True)
class Price:
    """USD for a million tokens, which is millionths of a USD for one."""

    read: float
    cached: float
    written: float

    def microusd(self, usage: Usage) -> int:
        """What these tokens cost, rounded up."""
        fresh = usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens
        cost = fresh * self.read + usage.cached_tokens * self.cached + usage.output_tokens * self.written
        return math.ceil(cost + usage.cache_write_tokens * self.read * CACHE_WRITE)

    def most_microusd(self, usage: Usage) -> int:
        """What these tokens cost when none of what is read comes from a cache and all goes into it."""
        return math.ceil(usage.input_tokens * self.read * CACHE_WRITE + usage.output_tokens * self.written)


def price_of(model: str, api_key: str, override: tuple[float, float] | None) -> Price:
    """The price of a model by name, with or without the date of its snapshot.

    A server that asks for no key bills nobody. A model that is not listed counts as the dearest one, so that a daily
    budget holds.
    """
    if override is not None:
        return Price(override[0], override[0], override[1])
    if not api_key:
        return Price(0, 0, 0)
    listed = LISTED.get(_DATE.sub("", model))
    return Price(*(listed or max(LISTED.values())))


def embedding_price_of(model: str, api_key: str, override: float | None) -> float:
    """USD for a million tokens embedded, by the same rules."""
    if override is not None:
        return override
    if not api_key:
        return 0.0
    return EMBEDDING_LISTED.get(model, max(EMBEDDING_LISTED.values()))
