"""`rag-ask serve` over a site of made-up posts, and a client that costs next to nothing."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterator

from free_port import free_port
from fresh_postgres import SECRET
from sidecar_processes import Processes, fetch, until

from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.settings import Settings

LIMIT = "1000000 per minute"
SETTINGS = {
    "RAG_ASK_LOG_LEVEL": "WARNING",
    "RAG_ASK_VISITOR_LIMITS": LIMIT,
    "RAG_ASK_SITE_LIMITS": LIMIT,
    "RAG_ASK_MODELS_DIR": os.environ.get("RAG_ASK_MODELS_DIR", ""),
}


@contextlib.contextmanager
def site(url: str) -> Iterator[WordPress]:
    """A site of one page, pushed and indexed in this process with the small model."""
    settings = Settings(database_url=url, secret=SECRET, embedder="local-en", log_level="WARNING")
    app = create_app(settings)
    database = Database(settings, tenant_size=2, system_size=2, statement_timeout_s=30)
    database.open()
    try:
        wordpress = WordPress(app.test_client(), database, "bench")
        wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
        yield wordpress
    finally:
        app.extensions["rag_ask"].database.close()
        database.close()


@contextlib.contextmanager
def serving(url: str, **settings: str) -> Iterator[tuple[int, int]]:
    """Yields the port and the process id, once it is ready."""
    processes, port = Processes(url), free_port()
    started = processes.start("serve", **(SETTINGS | {"RAG_ASK_PORT": str(port)} | settings))
    try:
        until(lambda: fetch(port, "/readyz")[0] == 200)
        yield port, started.pid
    finally:
        processes.stop()


def request(path: str, body: object, token: str, accept: str = "application/json") -> bytes:
    """The bytes of a POST on a connection that stays open."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Accept: {accept}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def caller(port: int, sent: bytes) -> Callable[[], None]:
    """Sends the same request again and again, and reads answers whose length is given."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)

    def call() -> None:
        connection.sendall(sent)
        read(connection)

    return call


def read(connection: socket.socket) -> bytes:
    """The body of one answer with a Content-Length and status 200."""
    held = b""
    while b"\r\n\r\n" not in held:
        held += _some(connection)
    head, _, body = held.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length:
        body += _some(connection)
    return body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    assert data, "the server hung up"
    return data
