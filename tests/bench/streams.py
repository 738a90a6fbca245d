"""Measure what 200 slow streams at once do to each other and to /healthz.

A `rag-ask serve` of two processes with 32 threads each, as docker-compose.yml runs it, over embedded Postgres and
Redis. The model is a local server that streams a word every 0.3 seconds. Each visitor asks once, all at the same
moment: each is to be served, or told at once by 503 and Retry-After when to come again. The clients are threads of this
process, on the same processors. Memory is that of both processes, shared pages once, while the streams run, less what
it was before.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from threading import Barrier
from typing import NamedTuple

import figures
import resident
from figures import Figure
from fresh_postgres import fresh_postgres
from redis_process import running_redis
from serving import serving, site
from sidecar_processes import fetch

from fakes.openai_server import OpenAIServer, chunk
from fakes.wordpress import WordPress

STREAMS, QUICK = 200, 100
PROCESSES, THREADS = 2, 32
WORDS, QUICK_WORDS = 40, 20
WORD_S = 0.3
AT_ONCE_S = 1.0
PROBE_S = 0.02
QUESTION = {"question": "When does the shop open?"}


class Reply(NamedTuple):
    """first_s: until the first event, or the refusal. is_whole: the stream came to its end."""

    status: int
    first_s: float
    retry_after: str
    is_whole: bool


def measure(is_quick: bool) -> list[Figure]:
    with (
        fresh_postgres() as url,
        tempfile.TemporaryDirectory() as folder,
        running_redis(Path(folder)) as (redis_url, _),
        OpenAIServer() as provider,
        site(url) as wordpress,
    ):
        settings = {
            "RAG_ASK_WEB_PROCESSES": str(PROCESSES),
            "RAG_ASK_WEB_THREADS": str(THREADS),
            "RAG_ASK_CACHE_TTL_S": "0",
            "RAG_ASK_ANSWER_MODEL": "openai",
            "OPENAI_BASE_URL": provider.base_url,
            "OPENAI_API_KEY": "test",
            "REDIS_URL": redis_url,
        }
        with serving(url, **settings) as (port, serve):
            warm_up(port, wordpress)
            provider.chat.extend([slow(QUICK_WORDS if is_quick else WORDS)] * STREAMS)
            return streams(port, wordpress, serve, QUICK if is_quick else STREAMS)


def warm_up(port: int, wordpress: WordPress) -> None:
    """Each process loads its model once; which of them takes a connection is the system's choice."""
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(fetch, port, "/v1/ask", QUESTION, wordpress.ask_token(sub=f"w{n}")) for n in range(16)]
        assert all(future.result()[0] == 200 for future in asked)


def slow(words: int):  # type: ignore[no-untyped-def]
    def play(handler, body):  # type: ignore[no-untyped-def]
        handler.start_stream()
        for _ in range(words):
            handler.send_event(chunk("The "))
            handler.owner.stopping.wait(WORD_S)
        handler.send_event(chunk("shop opens at seven [1].", finish_reason="stop"))
        handler.send_event("[DONE]")
        handler.send_piece(b"")

    return play


def streams(port: int, wordpress: WordPress, serve: int, count: int) -> list[Figure]:
    tokens = [wordpress.ask_token(sub=f"v{n}") for n in range(count)]
    start = Barrier(count + 1)
    before = resident.mb(serve)
    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(ask, port, token, start) for token in tokens]
        start.wait()
        probes, during = [], before
        while not all(future.done() for future in asked):
            started = time.perf_counter()
            assert fetch(port, "/healthz")[0] == 200
            probes.append(1000 * (time.perf_counter() - started))
            if len(probes) % 50 == 0:
                during = max(during, resident.mb(serve))
            time.sleep(PROBE_S)
        replies = [future.result() for future in asked]
    return figures_of(replies, probes, during - before)


def ask(port: int, token: str, start: Barrier) -> Reply:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "text/event-stream"}
    start.wait()
    started = time.perf_counter()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("POST", "/v1/ask", json.dumps(QUESTION), headers)
        response = connection.getresponse()
        first = response.read(1)
        first_s = time.perf_counter() - started
        body = first + response.read()
    return Reply(response.status, first_s, response.headers.get("Retry-After", ""), b"event: done" in body)


def figures_of(replies: list[Reply], probes: list[float], grown_mb: float) -> list[Figure]:
    served = [reply for reply in replies if reply.status == 200 and reply.is_whole]
    refused = [reply for reply in replies if reply.status == 503 and reply.retry_after.isdecimal()]
    at_once = [reply for reply in refused if reply.first_s <= AT_ONCE_S]
    case = f"{len(replies)} slow streams"
    figures.progress(f"{case}: {len(served)} served, {len(refused)} refused")
    figure = partial(Figure, "streams", case=case)
    right = (len(served) + len(at_once)) / len(replies)
    name = "share served, or told by 503 and Retry-After within a second"
    return [
        figure(name, right, "", 1.0, True),
        figure("`/healthz` p95 while they run", quantiles(probes, n=20)[-1], "ms", 50, False),
        figure("served", len(served)),
        figure("first event, p50", 1000 * median(reply.first_s for reply in served), "ms"),
        figure("refusal, worst", 1000 * max((reply.first_s for reply in refused), default=0), "ms"),
        figure("memory a stream", 1000 * grown_mb / max(1, len(served)), "kB"),
    ]


if __name__ == "__main__":
    figures.run(__doc__, measure)
