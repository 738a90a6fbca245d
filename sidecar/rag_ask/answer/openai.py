"""The answer model for OpenAI and every server that speaks its chat completions protocol, streamed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
import openai

from rag_ask.answer import Usage
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.ground import Grounding
from rag_ask.openai_client import connect, translate, with_retries

# What the prompt tells the model to write when the sources do not answer the question.
ABSTAIN = "NOT_ON_THIS_SITE"
# Models like to wrap such a word.
WRAPPING = " \t\r\n\"'`*_.“”「」"
# For a server that ignores the limit it is given; a token is about four characters in English.
MAX_CHARACTERS_PER_TOKEN = 8
MAX_LINE_BYTES = 1_000_000


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


class Reply:
    """One streamed completion, read from its bytes.

    Not by the client's own Stream: that one hides the comments which some servers send for as long as they
    like, so neither deadline would hold; and it does not tell a cut stream from a finished one.
    """

    def __init__(self, response: httpx2.Response, finish_by: float, max_tokens: int) -> None:
        self.finish_by = finish_by
        self.usage: Usage | None = None
        self.characters = 0
        self._response = response
        self._max_tokens = max_tokens
        self._finish_reason = ""
        self._deltas = self._read()
        self._first = ""

    def read_first(self) -> None:
        """Wait for the first text, or for the end of a reply without any."""
        self._first = next(self._deltas, "")

    def texts(self) -> Iterator[str]:
        """Yield the texts. Raises ProviderUnavailable or ProviderRejected."""
        if self._first:
            yield self._first
        try:
            yield from self._deltas
        except httpx2.HTTPError as error:
            raise translate(error) from error
        if not self.characters and self._finish_reason == "length":
            raise ProviderRejected(
                f"The model used up its {self._max_tokens} tokens before the first word. Choose one that thinks less."
            )

    def close(self) -> None:
        """Give the connection back; what the provider has not written yet is not paid for."""
        self._response.close()

    def _read(self) -> Iterator[str]:
        try:
            for data in self._events():
                if text := self._take(data):
                    self.characters += len(text)
                    yield text
                if self.characters > self._max_tokens * MAX_CHARACTERS_PER_TOKEN:
                    return
        except httpx2.HTTPError:
            # Only the count of tokens was still missing.
            if not self._finish_reason:
                raise
        if not self._finish_reason:
            raise ProviderUnavailable("The model provider cut the answer off. Ask again in a minute.")

    def _events(self) -> Iterator[dict[str, Any]]:
        for line in self._lines():
            if not line.startswith(b"data:"):
                continue
            if line[5:].strip() == b"[DONE]":
                self._finish_reason = self._finish_reason or "stop"
                return
            try:
                data = json.loads(line[5:])
            except ValueError as error:
                raise _garbage() from error
            if not isinstance(data, dict) or data.get("error"):
                raise _garbage()
            yield data

    def _lines(self) -> Iterator[bytes]:
        rest = b""
        for piece in self._response.iter_bytes():
            if time.monotonic() > self.finish_by:
                raise ProviderUnavailable("The model took too long to answer. Try again in a minute.")
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                raise _garbage()
            yield from lines

    def _take(self, data: dict[str, Any]) -> str:
        """Return the text of one chunk; keep its usage and finish reason."""
        try:
            if usage := data.get("usage"):
                self.usage = Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
            if not data.get("choices"):
                return ""
            choice = data["choices"][0]
            self._finish_reason = choice.get("finish_reason") or self._finish_reason
            text = (choice.get("delta") or {}).get("content") or ""
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _garbage() from error
        if self._finish_reason == "content_filter":
            raise ProviderRejected("The model provider's content filter stopped the answer. Ask in other words.")
        if not isinstance(text, str):
            raise _garbage()
        return text


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


def _garbage() -> ProviderUnavailable:
    return ProviderUnavailable("The model provider sent something else than an answer. Try again in a minute.")
