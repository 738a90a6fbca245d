"""The answer model for Anthropic's Messages API, streamed. Needs the extra `rag-ask[anthropic]`."""

from __future__ import annotations

import time
from typing import Any, cast

import anthropic

from rag_ask.providers.chat import Messages
from rag_ask.providers.chat.anthropic_reply import AnthropicReply
from rag_ask.providers.chat.base import PaidModel
from rag_ask.providers.chat.sse import Reply
from rag_ask.providers.http_errors import Provider

PROVIDER = Provider(anthropic, "ANTHROPIC")


class AnthropicAnswerModel(PaidModel):
    """Claude."""

    vendor, provider = "anthropic", PROVIDER

    def connect(self, api_key: str, base_url: str | None, timeout_s: float) -> None:
        """Without retries of its own, as for OpenAI."""
        self._client = anthropic.Anthropic(
            api_key=api_key or "none",
            base_url=base_url,
            timeout=timeout_s,
            max_retries=0,
            http_client=PROVIDER.connections,
        )

    def request(self, messages: Messages, max_output_tokens: int, first_by: float) -> Reply:
        """Send one request. The system prompt is the same for every question: Anthropic may keep it."""
        system = [
            {"type": "text", "text": message["content"], "cache_control": {"type": "ephemeral"}}
            for message in messages
            if message["role"] == "system"
        ]
        raw = self._client.messages.with_raw_response.create(
            model=self._model,
            max_tokens=max_output_tokens,
            system=cast(Any, system),
            messages=cast(Any, [message for message in messages if message["role"] != "system"]),
            stream=True,
            timeout=max(0.001, first_by - time.monotonic()),
        )
        return AnthropicReply(PROVIDER, raw.http_response, first_by, max_output_tokens)
