"""Processes of a fault test: started, killed, stopped at the end whatever happened."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

RAG_ASK = Path(sys.executable).parent / "rag-ask"


def until(is_true: Callable[[], object], seconds: float = 60, what: str = "") -> None:
    """Wait for a condition; AssertionError when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if is_true():
                return
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {what}")


class Processes:
    """The running `rag-ask` commands, by name."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self.environment = dict(environment)
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        with (self.logs / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [RAG_ASK, name], env=os.environ | self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """kill -9 of the process and all its children."""
        process = self._running.pop(name, None)
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def kill_all(self) -> None:
        for name in list(self._running):
            self.kill(name)


def crash_postgres(data: Path) -> None:
    """Shut down at once, as a crash: no connection is closed, nothing is flushed. Then start again."""
    lock = data / "postmaster.pid"
    os.kill(int(lock.read_text().splitlines()[0]), signal.SIGQUIT)
    until(lambda: not lock.exists(), what="Postgres is down")
    subprocess.run([RAG_ASK, "postgres", "start", data], check=True, capture_output=True, timeout=60)


def answers(url: str) -> bool:
    with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(url, timeout=5) as reply:
        return bool(reply.status == 200)
    return False
