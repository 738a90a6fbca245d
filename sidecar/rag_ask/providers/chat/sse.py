"""A streamed reply of a provider, read from its bytes.

Not by the clients' own streams: those hide the comments and pings which some servers send for as long as they like, so
no deadline would hold; and they do not tell a cut stream from a finished one.
"""

from __future__ import annotations

import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import httpx2

from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.providers.chat import Usage
from rag_ask.providers.http_errors import Provider

# For a server that ignores the limit it is given; a token is about four characters in English.
MAX_CHARACTERS_PER_TOKEN = 8
MAX_LINE_BYTES = 1_000_000


class Reply(ABC):
    """One reply. finish_by: on the monotonic clock; the one who reads it may move it. left: nobody waits for it.

    usage: as far as the provider has told it. is_finished: it said that this is the end; is_cut: its limit of
    tokens was reached.
    """

    def __init__(self, provider: Provider, response: httpx2.Response, finish_by: float, max_tokens: int) -> None:
        self.finish_by = finish_by
        self.left = threading.Event()
        self.usage: Usage | None = None
        self.characters = 0
        self.is_finished = False
        self.is_cut = False
        self._provider = provider
        self._response = response
        self._max_tokens = max_tokens
        self._deltas = self._read()
        self._first = ""

    @abstractmethod
    def take(self, data: dict[str, Any]) -> str:
        """Return the text of one event; keep its usage and whether it is the end.

        Raises ProviderRejected, or AttributeError, KeyError, TypeError or ValueError for what is not the protocol.
        """

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
            raise self._provider.translate(error) from error

    def used_up(self) -> ProviderRejected:
        """The error for a reply that was cut off before its first word."""
        return ProviderRejected(
            f"The model used up its {self._max_tokens} tokens before the first word. Choose one that thinks less."
        )

    def close(self) -> None:
        """Give the connection back; what the provider has not written yet is not paid for."""
        self._response.close()

    def _read(self) -> Iterator[str]:
        try:
            for data in self._events():
                if text := self._text(data):
                    self.characters += len(text)
                    yield text
                if self.characters > self._max_tokens * MAX_CHARACTERS_PER_TOKEN:
                    return
        except httpx2.HTTPError:
            # Only the count of tokens was still missing.
            if not self.is_finished:
                raise
        if not self.is_finished:
            raise ProviderUnavailable("The model provider cut the answer off. Ask again in a minute.")

    def _events(self) -> Iterator[dict[str, Any]]:
        for line in self._lines():
            if not line.startswith(b"data:"):
                continue
            if line[5:].strip() == b"[DONE]":
                self.is_finished = True
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
            if time.monotonic() > self.finish_by or self.left.is_set():
                raise too_late()
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                raise _garbage()
            yield from lines

    def _text(self, data: dict[str, Any]) -> str:
        try:
            text = self.take(data)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise _garbage() from error
        if not isinstance(text, str):
            raise _garbage()
        return text


def too_late() -> ProviderUnavailable:
    """The error for an answer that nobody waits for any more."""
    return ProviderUnavailable("The model took too long to answer. Try again in a minute.")


def filtered() -> ProviderRejected:
    """The error for an answer that the provider's own rules stopped."""
    return ProviderRejected("The model provider's content filter stopped the answer. Ask in other words.")


def _garbage() -> ProviderUnavailable:
    return ProviderUnavailable("The model provider sent something else than an answer. Try again in a minute.")
