"""Measure what one slow client, one bad post and one frozen service do to the others.

A `rag-ask serve` and a `rag-ask worker` with their defaults run over embedded Postgres; the clients are threads and
sockets of this process, on the same processors. The last lines are seconds until an edit of one site is indexed beside
the post of another.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/sidecar"))

import figures  # noqa: E402
from free_port import free_port  # noqa: E402
from fresh_postgres import SECRET, fresh_postgres  # noqa: E402
from redis_process import running_redis  # noqa: E402
from serving import site  # noqa: E402
from sidecar_processes import Processes, fetch, until  # noqa: E402

from fakes.openai_server import OpenAIServer  # noqa: E402
from fakes.wordpress import WordPress  # noqa: E402
from rag_ask.db.database import Database  # noqa: E402
from rag_ask.settings import Settings  # noqa: E402

PROBES = 100
QUESTION = {"question": "When does the shop open?"}
LINES = {
    "nobody": (0, b""),
    "1,000 idle connections": (1000, b""),
    "1,000 half-open heads": (1000, b"GET /heal"),
    "1,000 unfinished bodies": (1000, b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"),
    "200 who do not read": (200, b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 40),
}

POSTS = {
    "no other post": "<p>Short.</p>",
    "64 KB of newlines": "<p>a" + "\n" * 64_000 + "b</p>",
    "1 MB of newlines": "<p>a" + "\n" * 1_000_000 + "b</p>",
    "64 KB of combining marks": "<p>a" + "\u0301" * 32_000 + "b</p>",
    "300 KB of text": "".join(f"<h2>Part {n}</h2><p>{'Bread rises for an hour here. ' * 20}</p>" for n in range(500)),
}


def main(url: str) -> None:
    processes, port = Processes(url), free_port()
    with OpenAIServer() as provider, site(url) as wordpress:
        limits = dict.fromkeys(("RAG_ASK_VISITOR_LIMITS", "RAG_ASK_SITE_LIMITS"), "100000 per minute")
        model = {"RAG_ASK_ANSWER_MODEL": "openai", "OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "test"}
        processes.start("serve", RAG_ASK_PORT=str(port), RAG_ASK_CACHE_TTL_S="0", **(limits | model))
        try:
            until(lambda: fetch(port, "/readyz")[0] == 200)
            for name, (count, sent) in LINES.items():
                with clients(port, count, sent):
                    report(name, port, lambda: fetch(port, "/v1/ask", QUESTION, wordpress.ask_token())[0])
            frozen_redis(url, wordpress)
            bad_posts(url, processes, wordpress)
        finally:
            processes.stop()


@contextlib.contextmanager
def clients(port: int, count: int, sent: bytes) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            client.sendall(sent)
        yield


def report(name: str, port: int, ask: Callable[[], int]) -> None:
    started = time.perf_counter()
    status = ask()
    took = time.perf_counter() - started
    print(f"{name:26} {healthz(port)}   question {status} in {1000 * took:5.0f} ms", flush=True)


def healthz(port: int) -> str:
    times = []
    for _ in range(PROBES):
        started = time.perf_counter()
        assert fetch(port, "/healthz")[0] == 200
        times.append(1000 * (time.perf_counter() - started))
        time.sleep(0.02)
    times.sort()
    return f"/healthz p50 {times[PROBES // 2]:5.1f} ms, p95 {times[int(0.95 * PROBES)]:5.1f} ms"


def frozen_redis(url: str, wordpress: WordPress) -> None:
    """A question while the Redis that counts limits is stopped."""
    processes, port = Processes(url), free_port()
    with tempfile.TemporaryDirectory() as folder, running_redis(Path(folder)) as (redis_url, process):
        processes.start("serve", RAG_ASK_PORT=str(port), REDIS_URL=redis_url)
        try:
            until(lambda: fetch(port, "/readyz")[0] == 200)
            process.send_signal(signal.SIGSTOP)
            report("a frozen Redis", port, lambda: fetch(port, "/v1/ask", QUESTION, wordpress.ask_token())[0])
        finally:
            processes.stop()


def bad_posts(url: str, processes: Processes, other: WordPress) -> None:
    """Seconds until an edit of one site is indexed while the worker has the post of another in hand."""
    processes.start("worker")
    settings = Settings(database_url=url, secret=SECRET)
    database = Database(settings, tenant_size=2, system_size=2, statement_timeout_s=30)
    database.open()
    bad = WordPress(other.client, database, "bad")
    version = 1
    for name, html in POSTS.items():
        version += 1
        bad.push(bad.upsert(1, version, html))
        other.push(other.upsert(2, version, f"<p>Edit {version}.</p>"))
        started = time.perf_counter()
        until(lambda: other.status()["documents"]["pending"] == 0, seconds=600)
        print(f"{name:26} the other site's edit is indexed in {time.perf_counter() - started:5.1f} s", flush=True)
        until(lambda: bad.status()["documents"]["pending"] == 0, seconds=600)
    print(f"innocent documents failed: {other.status()['documents']['failed']}")
    database.close()


if __name__ == "__main__":
    figures.described(__doc__).parse_args()
    with fresh_postgres() as database_url:
        main(database_url)
