"""One streamed completion of the OpenAI protocol: bytes in, texts out, whatever the server makes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2

from rag_ask.answer import Usage
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.openai_client import translate

# For a server that ignores the limit it is given; a token is about four characters in English.
MAX_CHARACTERS_PER_TOKEN = 8
MAX_LINE_BYTES = 1_000_000


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


def _garbage() -> ProviderUnavailable:
    return ProviderUnavailable("The model provider sent something else than an answer. Try again in a minute.")
