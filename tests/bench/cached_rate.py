"""Measure how many cached answers one process gives a second, against a bare Flask view that returns the same bytes.

Both are served by gunicorn with one process of 32 threads. Four clients in this process, on the other core, ask the
same question over connections that stay open. Both take turns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import figures
from figures import Figure
from free_port import free_port
from fresh_postgres import fresh_postgres
from serving import caller, request, serving, site
from sidecar_processes import fetch, until
from throughput import ROUND_S, completed

CLIENTS = 4
ROUNDS, QUICK = 5, 1
QUESTION = {"question": "When does the shop open?"}


def measure(is_quick: bool) -> list[Figure]:
    counts = {"cached": 0, "bare": 0}
    rounds = QUICK if is_quick else ROUNDS
    with fresh_postgres() as url, site(url) as wordpress, serving(url) as (port, _):
        token = wordpress.ask_token()
        fetch(port, "/v1/ask", QUESTION, token)
        status, body = fetch(port, "/v1/ask", QUESTION, token)
        assert status == 200 and '"cached":true' in body.replace(" ", ""), body
        sent = request("/v1/ask", QUESTION, token)
        with bare_view(body) as bare_port:
            for _ in range(rounds):
                counts["cached"] += completed(lambda: caller(port, sent), CLIENTS)
                counts["bare"] += completed(lambda: caller(bare_port, sent), CLIENTS)
    seconds = rounds * ROUND_S
    ratio = counts["cached"] / counts["bare"]
    return [
        Figure("cached-rate", "cached answers a second, against a bare Flask view", ratio, "x", 0.6, True),
        Figure("cached-rate", "cached answers a second", counts["cached"] / seconds),
        Figure("cached-rate", "answers of the bare view a second", counts["bare"] / seconds),
    ]


@contextmanager
def bare_view(body: str) -> Iterator[int]:
    """A Flask view that returns these bytes, under the same server. Yields its port."""
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(body)
        file.flush()
        options = ["-k", "gthread", "--threads", "32", "-b", f"127.0.0.1:{port}", "--log-level", "warning"]
        command = [Path(sys.executable).parent / "gunicorn", *options, "bare_view:app"]
        environment = os.environ | {"BARE_BODY": file.name, "PYTHONPATH": str(Path(__file__).parent)}
        server = subprocess.Popen(command, env=environment)
        try:
            until(lambda: fetch(port, "/v1/ask", QUESTION)[0] == 200)
            yield port
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    figures.run(__doc__, measure)
