"""Measure the resident memory of everything that the two set-ups run, and of a WordPress beside them.

`scripts/up`: Postgres from a wheel, one `serve`, a worker; `docker-compose.yml`: Postgres, Redis, `serve` with two
processes, a worker. Both have the default embedder, an index of some posts, and answered questions in each process, so
that all models are loaded. Shared pages count once. The containers' own cost is not measured. `--quick` measures the
second one alone. WordPress is PHP-FPM with two children and MariaDB; the one that `scripts/up` starts, compiled to
WebAssembly for a try-out, is not counted.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import figures
import resident
from figures import Figure
from free_port import free_port
from fresh_postgres import fresh_postgres, server_pid
from indexed_site import paragraphs
from redis_process import running_redis
from save_post import SCRIPT
from serving import SETTINGS, serving
from sidecar_processes import Processes, fetch, until
from wordpress_site import wordpress_site

from fakes.wordpress import SECRET, WordPress
from rag_ask.api.app import create_app
from rag_ask.settings import Settings

POSTS, QUICK = 300, 40
PAGES = 40
QUESTIONS = 32
LIMIT_MB = 2048
DEFAULT = {"RAG_ASK_EMBEDDER": "local"}


def measure(is_quick: bool) -> list[Figure]:
    wordpress = wordpress_mb()
    found = [Figure("memory", "WordPress: PHP-FPM and MariaDB", wordpress, "MB")]
    setups = {"docker-compose.yml": 2} if is_quick else {"scripts/up": 1, "docker-compose.yml": 2}
    for name, processes in setups.items():
        parts = of_setup(processes, QUICK if is_quick else POSTS)
        found += [Figure("memory", f"{name}: {part}", size, "MB") for part, size in parts.items()]
        whole = sum(parts.values()) + wordpress
        found.append(Figure("memory", "everything, with WordPress", whole, "MB", LIMIT_MB, False, name))
    return found


def wordpress_mb() -> float:
    with wordpress_site(SCRIPT, f"http://bench:k1.{'k' * 43}@127.0.0.1:{free_port()}") as site:
        for _ in range(PAGES):
            site.get("/")
        return resident.mb(*site.pids)


def of_setup(processes: int, posts: int) -> dict[str, float]:
    """Megabytes of each part, at work."""
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_postgres() as url,
        running_redis(Path(folder)) as (redis, server),
    ):
        several = {"RAG_ASK_WEB_PROCESSES": str(processes), "REDIS_URL": redis} if processes > 1 else {}
        app = create_app(Settings(url, SECRET, log_level="WARNING"))
        database = app.extensions["rag_ask"].database
        site = WordPress(app.test_client(), database, "bench")
        push(site, posts)
        worker = Processes(url)
        try:
            at_work = worker.start("worker", **(SETTINGS | DEFAULT))
            with serving(url, **(DEFAULT | several)) as (port, serve):
                until(lambda: site.status()["documents"]["pending"] == 0, seconds=900)
                ask(site, port)
                parts = {
                    "Postgres": resident.mb(server_pid(url)),
                    "serve": resident.mb(serve),
                    "worker": resident.mb(at_work.pid),
                }
                return parts | ({"Redis": resident.mb(server.pid)} if several else {})
        finally:
            worker.stop()
            database.close()


def push(site: WordPress, posts: int) -> None:
    text = paragraphs()
    for start in range(1, posts + 1, 100):
        made = [site.upsert(n, 1, next(text) + next(text)) for n in range(start, min(start + 100, posts + 1))]
        assert site.push(*made).status_code == 202


def ask(site: WordPress, port: int) -> None:
    """Several at once, so that each process gets some."""
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(fetch, port, "/v1/ask", {"question": f"What does number {n} say?"}, site.ask_token(sub=f"v{n}"))
            for n in range(QUESTIONS)
        ]
        assert all(future.result()[0] == 200 for future in asked)


if __name__ == "__main__":
    figures.run(__doc__, measure)
