"""The answer model for OpenAI and every server that speaks its chat completions protocol, streamed."""

from __future__ import annotations

import time
from typing import Any, cast
from urllib.parse import urlsplit

import openai

from rag_ask.providers.chat import Messages
from rag_ask.providers.chat.base import PaidModel
from rag_ask.providers.chat.openai_reply import OpenAIReply
from rag_ask.providers.chat.sse import Reply
from rag_ask.providers.openai_client import PROVIDER, connect

# Each option and the name of the limit can be refused once.
MAX_CONCESSIONS = 3
LIMIT_NAMES = ("max_completion_tokens", "max_tokens")


class OpenAIAnswerModel(PaidModel):
    """OpenAI, Azure, Ollama, vLLM, LM Studio and their like."""

    vendor, provider = "openai", PROVIDER

    def connect(self, api_key: str, base_url: str | None, timeout_s: float) -> None:
        """Guess what the server at this address takes."""
        self._client = connect(api_key, base_url, timeout_s)
        # OpenAI's reasoning models know only the new name, many other servers only the old one.
        is_openai = urlsplit(str(self._client.base_url)).hostname == "api.openai.com"
        self._limit_name = LIMIT_NAMES[0 if is_openai else 1]
        self._options: dict[str, Any] = {"temperature": 0, "stream_options": {"include_usage": True}}

    def request(self, messages: Messages, max_output_tokens: int, first_by: float) -> Reply:
        """Send one request, without what this server has refused before."""
        limit_name, options = self._limit_name, self._options
        for _ in range(MAX_CONCESSIONS):
            try:
                return self._send(messages, options | {limit_name: max_output_tokens}, max_output_tokens, first_by)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                conceded = concede(str(error), limit_name, options)
                if conceded == (limit_name, options):
                    raise
                limit_name, options = self._limit_name, self._options = conceded
        return self._send(messages, options | {limit_name: max_output_tokens}, max_output_tokens, first_by)

    def _send(self, messages: Messages, options: dict[str, Any], max_output_tokens: int, first_by: float) -> Reply:
        raw = self._client.chat.completions.with_raw_response.create(
            model=self._model,
            messages=cast(Any, messages),
            stream=True,
            timeout=max(0.001, first_by - time.monotonic()),
            extra_body=options,
        )
        return OpenAIReply(PROVIDER, raw.http_response, first_by, max_output_tokens)


def concede(complaint: str, limit_name: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return what to send instead: reasoning models refuse a temperature, older servers an option that is new."""
    other_name = LIMIT_NAMES[1 - LIMIT_NAMES.index(limit_name)]
    # OpenAI and Azure name the one that they do take.
    if other_name in complaint or f"'{limit_name}'" in complaint:
        return other_name, options
    return limit_name, {name: value for name, value in options.items() if name not in complaint}
