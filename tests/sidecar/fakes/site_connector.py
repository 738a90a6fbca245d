"""A WordPress whose AI connector the sidecar may use: it checks tokens as the plugin does, and says what it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

from rag_ask.api.auth import body_hash


@dataclass
class SiteConnector:
    """url: of the site. key: of its tokens. says: status, and JSON or bytes. heard: the bodies it took."""

    url: str
    key: str = ""
    says: tuple[int, Any] = (200, {})
    heard: list[dict[str, Any]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    # Answers wait for it.
    may_answer: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serving() -> Iterator[SiteConnector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/blog/?rest_route=/rag-ask/v1/generate"
            claims = jwt.decode(
                self.headers["X-Rag-Ask-Token"], made.key, algorithms=["HS256"], audience="rag-ask:generate"
            )
            assert (claims["bh"], claims["exp"] - claims["iat"]) == (body_hash(body), 60)
            assert claims["jti"] not in made.ids
            made.ids.add(claims["jti"])
            made.heard.append(json.loads(body))
            made.may_answer.wait(30)
            status, said = made.says
            answer = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            if status in (301, 302):
                self.send_header("Location", made.url)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made = SiteConnector(f"http://127.0.0.1:{server.server_port}/blog")
    made.may_answer.set()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()
