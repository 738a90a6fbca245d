"""The answer model for OpenAI and every server that speaks its chat completions protocol, streamed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import openai

from rag_ask.answer import Usage
from rag_ask.answer.openai_reply import Reply
from rag_ask.ground import Grounding
from rag_ask.openai_client import connect, with_retries

# What the prompt tells the model to write when the sources do not answer the question.
ABSTAIN = "NOT_ON_THIS_SITE"
# Models like to wrap such a word.
WRAPPING = " \t\r\n\"'`*_.“”「」"


class OpenAIAnswerModel:
    """Writes answers over HTTP. Safe to share between threads."""

    outcome = "answered"

    def __init__(
        self,
        model: str,
        api_key: str,
        base_url: str | None = None,
        first_token_timeout_s: float = 15.0,
        total_timeout_s: float = 60.0,
        max_output_tokens: int = 800,
        retry_pause_s: float = 0.5,
    ) -> None:
        """first_token_timeout_s: to the first word, retries included, and the longest silence after it."""
        self.name = f"openai/{model}"
        self._model = model
        self._first_token_timeout_s = first_token_timeout_s
        self._total_timeout_s = total_timeout_s
        self._max_output_tokens = max_output_tokens
        self._retry_pause_s = retry_pause_s
        self._client = connect(api_key, base_url, first_token_timeout_s)
        # OpenAI's reasoning models know only the new name, many other servers only the old one.
        is_openai = urlsplit(str(self._client.base_url)).hostname == "api.openai.com"
        self._limit_name = "max_completion_tokens" if is_openai else "max_tokens"
        self._options: dict[str, Any] = {"temperature": 0, "stream_options": {"include_usage": True}}

    def stream(self, grounding: Grounding) -> Iterator[str | Usage]:
        """Yield text deltas, then one Usage; no text when the model abstains.

        Raises ProviderUnavailable or ProviderRejected, before the first delta or in the middle.
        """
        started = time.monotonic()
        first_by = started + self._first_token_timeout_s
        reply = with_retries(lambda: self._open(grounding, first_by), first_by, self._retry_pause_s)
        with closing(reply):
            reply.finish_by = started + self._total_timeout_s
            yield from without_abstention(reply.texts())
            yield reply.usage or estimate(grounding, reply.characters)

    def _open(self, grounding: Grounding, first_by: float) -> Reply:
        """Return a reply whose first text is there."""
        try:
            response = self._request(grounding, first_by)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            # Reasoning models refuse a temperature, older servers an option that they do not know.
            accepted = {name: value for name, value in self._options.items() if name not in str(error)}
            if len(accepted) == len(self._options):
                raise
            self._options = accepted
            response = self._request(grounding, first_by)
        reply = Reply(response, first_by, self._max_output_tokens)
        try:
            reply.read_first()
        except BaseException:
            reply.close()
            raise
        return reply

    def _request(self, grounding: Grounding, first_by: float) -> httpx2.Response:
        options = self._options | {self._limit_name: self._max_output_tokens}
        raw = self._client.chat.completions.with_raw_response.create(
            model=self._model,
            messages=cast(Any, grounding.messages),
            stream=True,
            timeout=max(0.001, first_by - time.monotonic()),
            extra_body=options,
        )
        return raw.http_response


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


def estimate(grounding: Grounding, characters: int) -> Usage:
    """The usual four characters a token, for servers that do not count."""
    question = sum(len(message["content"]) for message in grounding.messages)
    return Usage(input_tokens=question // 4 + 1, output_tokens=characters // 4 + 1)
