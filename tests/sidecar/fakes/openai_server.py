"""A local HTTP server that plays OpenAI's protocol: embeddings and streamed chat completions, good and bad.

    with OpenAIServer() as server:
        server.chat.append(status(429, retry_after="1"))     # the next chat request only
        server.embeddings.append(hang())
        OpenAIAnswerModel("gpt-4o-mini", "key", server.base_url) ...
        server.requests[0].body["messages"]

Without a script, embeddings are bags of hashed words (texts that share words are near each other) and chat answers
`server.text`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fakes.openai_behaviours import (
    Behaviour,
    bag_of_words,
    broken,
    chat,
    chunk,
    comments,
    embeddings,
    endless,
    events,
    garbage,
    half_body,
    hang,
    status,
)

__all__ = [
    "Behaviour",
    "OpenAIServer",
    "Request",
    "bag_of_words",
    "broken",
    "chat",
    "chunk",
    "comments",
    "embeddings",
    "endless",
    "events",
    "garbage",
    "half_body",
    "hang",
    "status",
]


@dataclass(frozen=True)
class Request:
    """What a client sent. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class OpenAIServer:
    """Listens on a free local port between `__enter__` and `__exit__`."""

    def __init__(self) -> None:
        self.embeddings: deque[Behaviour] = deque()
        self.chat: deque[Behaviour] = deque()
        self.text = "The shop opens at seven [1]."
        self.requests: list[Request] = []
        self.disconnects = 0
        self.stopping = threading.Event()
        server = self

        class BoundHandler(Handler):
            owner = server

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), BoundHandler)
        # Closing the server waits for every request, so that no test leaves a socket behind.
        self._http.daemon_threads = False
        self.connections: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._thread.join()
        for connection in self.connections.copy():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._http.server_close()

    def behaviour(self, path: str) -> Behaviour:
        """The next scripted behaviour of a path, or the good one."""
        script, good = {
            "/v1/embeddings": (self.embeddings, embeddings()),
            "/v1/chat/completions": (self.chat, chat(self.text)),
        }.get(path, (deque(), status(404, "not_found")))
        try:
            return script.popleft()
        except IndexError:
            return good


class Handler(BaseHTTPRequestHandler):
    """Reads a request, writes it down and plays the next behaviour."""

    owner: OpenAIServer
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        self.owner.connections.add(self.connection)
        # A client that gives up resets its connection, also between two requests.
        with contextlib.suppress(ConnectionError):
            super().handle()
        self.owner.connections.discard(self.connection)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.owner.requests.append(Request(self.path, headers, body))
        try:
            self.owner.behaviour(self.path)(self, body)
        except ConnectionError:
            self.owner.disconnects += 1
            self.close_connection = True

    def send(self, status_code: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a whole response; a content-length in `headers` wins, to lie about it."""
        self.send_response(status_code)
        given = {"content-type": "application/json", "content-length": str(len(content))} | (headers or {})
        for name, value in given.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def start_stream(self) -> None:
        """Start an event stream; an empty piece ends it."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def send_piece(self, piece: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.flush()

    def send_event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        self.send_piece(f"data: {text}\n\n".encode())

    def log_message(self, *_: object) -> None:
        """Keep test output clean."""
