"""Measure how long an answer takes that is in the cache, and one that is not.

The application answers in this process, over embedded Postgres: the times are the server's own, without a network. The
answers are quotes; a model behind an API would make the first ones slower and change nothing for those in the cache.
"""

from __future__ import annotations

import statistics
import time

import figures
from figures import Figure
from fresh_postgres import fresh_postgres

from fakes.wordpress import SECRET, WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.settings import Settings

POSTS, QUESTIONS = 200, 100
QUICK = 20
LIMIT_MS = 20
PARAGRAPH = "<p>Loaf {n} rises for an hour. It is baked at {n} degrees, and costs {n} pence.</p>"


def measure(is_quick: bool) -> list[Figure]:
    with fresh_postgres() as url:
        return measured(url, QUICK if is_quick else QUESTIONS)


def measured(url: str, count: int) -> list[Figure]:
    limits = {"visitor_limits": "100000 per minute", "site_limits": "100000 per minute"}
    settings = Settings(database_url=url, secret=SECRET, embedder="local-en", log_level="WARNING", **limits)
    database = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    database.open()
    app = create_app(settings)
    site = WordPress(app.test_client(), database, "bench")
    posts = [site.upsert(n, 1, PARAGRAPH.replace("{n}", str(n))) for n in range(1, POSTS + 1)]
    for start in range(0, POSTS, 100):
        site.push(*posts[start : start + 100])
    site.index()
    token = site.ask_token()

    def seconds(question: str) -> tuple[float, bool]:
        started = time.perf_counter()
        answer = site.post("/v1/ask", {"question": question}, token)
        return time.perf_counter() - started, answer.json["cached"]

    questions = [f"What does loaf {n} cost?" for n in range(1, count + 1)]
    seconds("Is anybody there?")
    first = [seconds(question) for question in questions]
    again = [seconds(question) for question in questions for _ in range(5)]
    app.extensions["rag_ask"].database.close()
    database.close()
    assert not any(cached for _, cached in first)
    assert all(cached for _, cached in again)
    return [
        *times("an answer that is not in the cache", first, None),
        *times("an answer in the cache", again, LIMIT_MS),
    ]


def times(name: str, found: list[tuple[float, bool]], most_ms: float | None) -> list[Figure]:
    took = [1000 * seconds for seconds, _ in found]
    return [
        Figure("cache", f"{name}, p50", statistics.median(took), "ms", most_ms),
        Figure("cache", f"{name}, p95", statistics.quantiles(took, n=20)[-1], "ms"),
    ]


if __name__ == "__main__":
    figures.run(__doc__, measure)
