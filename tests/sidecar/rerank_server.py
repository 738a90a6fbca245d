"""A local HTTP server that plays the /rerank protocol of Cohere and Jina, good and bad.

Good is: relevance is the share of the query's words that a document has. Put a function of the request's body into
`next` to answer (status, bytes) otherwise, once.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]


def results(*scores: tuple[int, float]) -> Reply:
    found = [{"index": index, "relevance_score": score} for index, score in scores]
    return 200, json.dumps({"results": found}).encode()


def by_shared_words(body: dict[str, Any]) -> Reply:
    wanted = set(body["query"].lower().split())
    shares = [len(wanted & set(text.lower().split())) / len(wanted) for text in body["documents"]]
    ranked = sorted(enumerate(shares), key=lambda pair: -pair[1])
    return results(*ranked[: body["top_n"]])


class RerankServer:
    """Listens on a free local port between `__enter__` and `__exit__`."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.next: deque[Callable[[dict[str, Any]], Reply]] = deque()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                owner.requests.append((self.path, headers, body))
                status, content = (owner.next.popleft() if owner.next else by_shared_words)(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v2"

    def __enter__(self) -> RerankServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
