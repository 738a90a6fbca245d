"""A local HTTP server that plays Anthropic's Messages API, streamed, good and bad.

    with AnthropicServer() as server:
        server.messages.append(status(529, "overloaded_error"))     # the next request only
        AnthropicAnswerModel("claude-haiku-4-5", "key", server.base_url) ...

It takes the bad behaviours of `openai_server` too: the two protocols break in the same ways.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Sequence
from typing import Any

from fakes.openai_behaviours import waiting
from fakes.openai_server import Behaviour, Handler, OpenAIServer
from fakes.openai_server import status as openai_status

USAGE = {"input_tokens": 120, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 1}


class AnthropicServer(OpenAIServer):
    """Listens on a free local port between `__enter__` and `__exit__`."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: deque[Behaviour] = deque()

    @property
    def base_url(self) -> str:
        return super().base_url.removesuffix("/v1")

    def behaviour(self, path: str) -> Behaviour:
        if path != "/v1/messages":
            return openai_status(404, "not_found")
        return self.messages.popleft() if self.messages else message(self.text)


def send(handler: Handler, kind: str, **fields: Any) -> None:
    """One event, with its name in both places, as the API writes it."""
    data = json.dumps({"type": kind} | fields, ensure_ascii=False)
    handler.send_piece(f"event: {kind}\ndata: {data}\n\n".encode())


def start(handler: Handler, usage: dict[str, int]) -> None:
    handler.start_stream()
    send(handler, "message_start", message={"id": "m1", "type": "message", "role": "assistant", "usage": usage})
    send(handler, "content_block_start", index=0, content_block={"type": "text", "text": ""})
    send(handler, "ping")


def message(
    text: str | Sequence[str],
    *,
    stop_reason: str = "end_turn",
    usage: dict[str, int] | None = None,
    thought: str = "",
    stop: bool = True,
) -> Behaviour:
    """A good stream of these deltas (a plain text is cut into words), or one without its end."""
    deltas = re.findall(r"\S+\s*", text) if isinstance(text, str) else text

    def play(handler: Handler, body: dict[str, Any]) -> None:
        start(handler, USAGE | (usage or {}))
        if thought:
            send(handler, "content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": thought})
        for delta in deltas:
            send(handler, "content_block_delta", index=0, delta={"type": "text_delta", "text": delta})
        send(handler, "content_block_stop", index=0)
        if stop:
            counted = {"output_tokens": 9}
            send(handler, "message_delta", delta={"stop_reason": stop_reason, "stop_sequence": None}, usage=counted)
            send(handler, "message_stop")
        handler.send_piece(b"")

    return play


def error_event(*deltas: str) -> Behaviour:
    """A stream that the provider ends with an error after these deltas."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        start(handler, USAGE)
        for delta in deltas:
            send(handler, "content_block_delta", index=0, delta={"type": "text_delta", "text": delta})
        send(handler, "error", error={"type": "overloaded_error", "message": "Overloaded"})
        handler.send_piece(b"")

    return play


def pings(*deltas: str, every_s: float = 0.02) -> Behaviour:
    """A stream that sends these deltas and then nothing but pings."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        start(handler, USAGE)
        for delta in deltas:
            send(handler, "content_block_delta", index=0, delta={"type": "text_delta", "text": delta})
        for _ in waiting(handler, every_s):
            send(handler, "ping")
        handler.close_connection = True

    return play


def status(code: int, kind: str, *, retry_after: str = "") -> Behaviour:
    """An error in the API's form."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        error = {"type": "error", "error": {"type": kind, "message": "invalid key sk-key"}}
        handler.send(code, json.dumps(error).encode(), {"retry-after": retry_after} if retry_after else None)

    return play
