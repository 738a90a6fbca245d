"""The client of OpenAI and of every server that speaks its protocol."""

from __future__ import annotations

import openai

from rag_ask.providers.http_errors import Provider

PROVIDER = Provider(openai, "OPENAI")


def connect(api_key: str, base_url: str | None, timeout_s: float) -> openai.OpenAI:
    """Return a client that never retries: its own retries wait up to two minutes, holding a visitor's thread."""
    # Servers of one's own often need no key, but the client insists on one.
    return openai.OpenAI(
        api_key=api_key or "none",
        base_url=base_url,
        timeout=timeout_s,
        max_retries=0,
        http_client=PROVIDER.connections,
    )
