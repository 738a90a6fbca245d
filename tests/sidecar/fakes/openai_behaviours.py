"""What the server of `openai_server.py` may do with a request: good answers, and every way to fail."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakes.openai_server import Handler

DEFAULT_DIMENSIONS = 1536
# A server that keeps its client waiting closes the connection then: a client without a limit of its own gets another
# error than one that gave up, so a test need not look at the clock.
PATIENCE_S = 60.0

Behaviour = Callable[["Handler", dict[str, Any]], None]


def embeddings(
    dimensions: int | None = None,
    rows: Callable[[list[Any]], list[Any]] | None = None,
    delay_s: float = 0.0,
    **fields: Any,
) -> Behaviour:
    """Good embeddings, a word for a token. dimensions: instead of what was asked; rows: changes the rows before they
    are sent; fields: of the answer, instead of the good ones.
    """

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.owner.stopping.wait(delay_s)
        size = dimensions or body.get("dimensions", DEFAULT_DIMENSIONS)
        vectors: list[Any] = [bag_of_words(text, size) for text in body["input"]]
        vectors = rows(vectors) if rows else vectors
        if body.get("encoding_format") == "base64":
            vectors = [base64.b64encode(struct.pack(f"<{len(v)}f", *v)).decode() for v in vectors]
        data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
        count = sum(len(text.split()) for text in body["input"])
        usage = {"prompt_tokens": count, "total_tokens": count}
        answer = {"object": "list", "model": body["model"], "data": data[::-1], "usage": usage} | fields
        handler.send(200, json.dumps(answer).encode())

    return play


def bag_of_words(text: str, dimensions: int) -> list[float]:
    """A deterministic vector, of any length but zero: one count per word, at the dimension of its hash."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()) or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        vector[int.from_bytes(digest[:4], "big") % dimensions] += 1.0
    return vector


def chunk(text: str | None = None, finish_reason: str | None = None, **fields: Any) -> dict[str, Any]:
    """One `chat.completion.chunk`."""
    delta = {} if text is None else {"content": text}
    choices = [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices} | fields


def chat(
    text: str | Sequence[str], *, finish_reason: str | None = "stop", usage: bool = True, done: bool = True
) -> Behaviour:
    """A good stream of these deltas (a plain text is cut into words); or one that lacks its end."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.start_stream()
        handler.send_event(chunk(""))
        for delta in re.findall(r"\s*\S+\s*", text) if isinstance(text, str) else text:
            handler.send_event(chunk(delta))
        if finish_reason:
            handler.send_event(chunk(finish_reason=finish_reason))
        if usage and (body.get("stream_options") or {}).get("include_usage"):
            counts = {"prompt_tokens": 120, "completion_tokens": 9, "total_tokens": 129}
            handler.send_event(chunk(choices=[], usage=counts))
        if done:
            handler.send_event("[DONE]")
        handler.send_piece(b"")

    return play


def events(*data: object) -> Behaviour:
    """A stream of exactly these events."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.start_stream()
        for one in data:
            handler.send_event(one)
        handler.send_piece(b"")

    return play


def broken(*deltas: str) -> Behaviour:
    """A stream whose connection breaks after these deltas."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.start_stream()
        for delta in deltas:
            handler.send_event(chunk(delta))
        handler.close_connection = True

    return play


def comments(*deltas: str, every_s: float = 0.02) -> Behaviour:
    """A stream that sends these deltas and then nothing but comments."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.start_stream()
        for delta in deltas:
            handler.send_event(chunk(delta))
        for _ in waiting(handler, every_s):
            handler.send_piece(b": still working\n\n")
        handler.close_connection = True

    return play


def endless(delta: str = "word ") -> Behaviour:
    """A stream that never stops talking."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.start_stream()
        for _ in waiting(handler, 0.001):
            handler.send_event(chunk(delta))
        handler.close_connection = True

    return play


def waiting(handler: Handler, every_s: float) -> Iterator[None]:
    """Yield so often, until the server stops or loses patience."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not handler.owner.stopping.wait(every_s) and time.monotonic() < give_up_at:
        yield


def hang(*deltas: str) -> Behaviour:
    """Silence; after these deltas, if any."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        if deltas:
            handler.start_stream()
        for delta in deltas:
            handler.send_event(chunk(delta))
        handler.owner.stopping.wait(PATIENCE_S)
        handler.close_connection = True

    return play


def status(code: int, error_code: str | None = None, *, message: str = "no", retry_after: str = "") -> Behaviour:
    """An error in the API's form."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        error = {"error": {"message": message, "type": "error", "code": error_code}}
        handler.send(code, json.dumps(error).encode(), {"retry-after": retry_after} if retry_after else None)

    return play


def garbage(content: bytes, content_type: str = "application/json") -> Behaviour:
    """200 and these bytes."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.send(200, content, {"content-type": content_type})

    return play


def half_body() -> Behaviour:
    """200, half of what was promised, and a closed connection."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.send(200, b'{"object": "list", "data": [', {"content-length": "5000"})
        handler.close_connection = True

    return play
