"""Incoming: the bytes of one request, gathered until it is whole. gunicorn's parser says how long it is."""

from __future__ import annotations

import time
from typing import Any

from gunicorn.http.body import LengthReader
from gunicorn.http.parser import RequestParser

from rag_ask.errors import BadRequest

HEAD_END = b"\r\n\r\n"
MAX_HEAD_BYTES = 32 * 1024
HEAD_TIMEOUT_S = 10.0
# As long as the plugin waits at most.
BODY_TIMEOUT_S = 30.0
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Incoming:
    """One request on its way. max_body_bytes: a longer body is refused by its Content-Length, before it is sent."""

    def __init__(self, config: Any, client: Any, max_body_bytes: int) -> None:
        self.data = bytearray()
        self.expects_continue = False
        self._config = config
        self._client = client
        self._max_body_bytes = max_body_bytes
        self._length: int | None = None
        self._deadline = time.monotonic() + HEAD_TIMEOUT_S

    @property
    def has_head(self) -> bool:
        """Whether all header fields are there."""
        return self._length is not None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is missing."""
        return self._length is not None and len(self.data) >= self._length

    @property
    def is_probe(self) -> bool:
        """Whether it asks if the process is alive."""
        return self.data.startswith(b"GET /healthz ")

    def is_late(self, now: float) -> bool:
        """Whether its head or its body took too long. now: of the monotonic clock."""
        return now > self._deadline

    def add(self, data: bytes) -> None:
        """Take what has come. Raises BadRequest when the request can be refused by its head."""
        searched = max(0, len(self.data) - len(HEAD_END) + 1)
        self.data += data
        if self._length is not None:
            return
        end = self.data.find(HEAD_END, searched)
        if end >= 0:
            self._read_head(end + len(HEAD_END))
        elif len(self.data) > MAX_HEAD_BYTES:
            raise BadRequest("header_too_large", "The header fields are too large. Send fewer cookies or fields.", 431)

    def _read_head(self, head_bytes: int) -> None:
        try:
            request = next(RequestParser(self._config, iter([bytes(self.data[:head_bytes])]), self._client))
        except Exception:
            # The thread that handles it meets the same error, and answers it.
            self._length = head_bytes
            return
        if not isinstance(request.body.reader, LengthReader):
            raise BadRequest("length_required", "Send the body with a Content-Length, not in chunks.", 411)
        if request.body.reader.length > self._max_body_bytes:
            raise BadRequest(
                "body_too_large", f"The body may have {self._max_body_bytes} bytes. Send it in smaller parts.", 413
            )
        self._length = head_bytes + request.body.reader.length
        self._deadline = time.monotonic() + BODY_TIMEOUT_S
        self.expects_continue = request._expected_100_continue and not self.is_whole
