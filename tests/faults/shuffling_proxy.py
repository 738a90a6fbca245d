"""Stands between WordPress and the sidecar and does to pushes what networks do: repeats, delays, reorders them."""

from __future__ import annotations

import random
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple


class Sent(NamedTuple):
    """A request as it came, token included."""

    path: str
    headers: dict[str, str]
    body: bytes


class ShufflingProxy:
    """Listens on a free local port between `__enter__` and `__exit__`. `requests` holds every push that came."""

    def __init__(self, sidecar_url: str, seed: int) -> None:
        self.sidecar_url = sidecar_url
        self.random = random.Random(seed)  # noqa: S311 -- chance, not secrecy
        self.requests: list[Sent] = []
        self.repeats = 0
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = proxy.take(Sent(self.path, dict(self.headers), body))
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> ShufflingProxy:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def take(self, sent: Sent) -> tuple[int, bytes]:
        """Pass a push on, before and after it some of the earlier ones once more."""
        self.requests.append(sent)
        self.replay(self.random.randint(0, 2))
        answer = self._send(sent)
        self.replay(self.random.randint(0, 2))
        return answer

    def replay(self, count: int) -> None:
        """Send earlier pushes again, in any order."""
        for earlier in self.random.sample(self.requests, min(count, len(self.requests))):
            self._send(earlier)
            self.repeats += 1

    def _send(self, sent: Sent) -> tuple[int, bytes]:
        headers = {name: sent.headers[name] for name in ("Authorization", "Content-Type")}
        request = urllib.request.Request(self.sidecar_url + sent.path, sent.body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
