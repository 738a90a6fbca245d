"""Real `rag-ask` processes: started with settings, asked over HTTP, waited for, killed."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from fakes.wordpress import SECRET

COMMAND = str(Path(sys.executable).parent / "rag-ask")


class Processes:
    """Starts processes on one database; all of them end with `stop`."""

    def __init__(self, database_url: str) -> None:
        self._settings = {
            "RAG_ASK_DATABASE_URL": database_url,
            "RAG_ASK_SECRET": SECRET.decode(),
            # The small one, as in `fakes/wordpress.py`.
            "RAG_ASK_EMBEDDER": "local-en",
            "PATH": os.environ["PATH"],
        }
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        self._started.append(subprocess.Popen([COMMAND, *arguments], env=self._settings | environment))
        return self._started[-1]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments], env=self._settings | environment, capture_output=True, text=True, timeout=60
        )

    def stop(self) -> None:
        for process in self._started:
            process.terminate()
        for process in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait(10)


def fetch(
    port: int, path: str, body: object = None, token: str = "", accept: str = "application/json"
) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": accept}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()


def until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until a condition holds; a connection that is refused means not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if true():
                return
        time.sleep(0.1)
    raise AssertionError("did not happen in time")
