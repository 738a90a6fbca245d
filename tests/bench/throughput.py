"""Searches a second of `rag-ask serve` at 16 clients, against the bare limit with as many connections."""

from __future__ import annotations

import http.client
import itertools
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from pgvector.psycopg import register_vector

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/sidecar"))

from free_port import free_port  # noqa: E402
from sidecar_processes import Processes, fetch, until  # noqa: E402

from rag_ask.db import api_keys  # noqa: E402
from rag_ask.db.database import Database  # noqa: E402
from rag_ask.providers.embedders import Embedders  # noqa: E402
from rag_ask.settings import Settings  # noqa: E402

CLIENTS = 16
ROUND_S, WARM_S = 4.0, 2.0
LIMIT = "1000000 per minute"

Bare = Callable[[psycopg.Connection, Embedders, str, str], None]


def throughput(
    settings: Settings, database: Database, site_id: str, texts: list[str], bare: Bare, rounds: int
) -> float:
    """The ratio of both, measured in turns of ROUND_S."""
    with database.system() as connection:
        key = api_keys.add(connection, site_id, "bench", ["search"], None)
    port, embedders = free_port(), Embedders(settings, threads=1)
    processes = Processes(settings.database_url)
    processes.start(
        "serve",
        RAG_ASK_PORT=str(port),
        RAG_ASK_EMBEDDER=settings.embedder,
        RAG_ASK_MODELS_DIR=settings.models_dir,
        RAG_ASK_LOG_LEVEL="WARNING",
        RAG_ASK_KEY_LIMITS=LIMIT,
        RAG_ASK_SITE_LIMITS=LIMIT,
    )
    numbers = itertools.count()

    def question() -> str:
        number = next(numbers)
        # Each another one, so that no vector is kept.
        return f"{texts[number % len(texts)]} {number}"

    def searching() -> Callable[[], None]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"X-API-Key": key, "Content-Type": "application/json"}

        def call() -> None:
            connection.request("POST", "/v1/search", json.dumps({"question": question()}), headers)
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200, body

        return call

    def limit() -> Callable[[], None]:
        connection = psycopg.connect(settings.database_url, autocommit=True, prepare_threshold=None)
        register_vector(connection)
        return lambda: bare(connection, embedders, site_id, question())

    try:
        until(lambda: fetch(port, "/readyz")[0] == 200)
        # The bare limit's connections are open before its clock runs. A pool opens its own when they are needed.
        completed(searching, seconds=WARM_S)
        counts = {"search": 0, "bare": 0}
        for _ in range(rounds):
            counts["search"] += completed(searching)
            counts["bare"] += completed(limit)
        return counts["search"] / counts["bare"]
    finally:
        processes.stop()


def completed(client: Callable[[], Callable[[], None]], clients: int = CLIENTS, seconds: float = ROUND_S) -> int:
    """How many calls so many threads complete within so many seconds."""
    calls = [client() for _ in range(clients)]
    calls[0]()
    until_then, done = time.perf_counter() + seconds, [0] * clients

    def run(number: int) -> None:
        while time.perf_counter() < until_then:
            calls[number]()
            done[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)
