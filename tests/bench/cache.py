"""Measure how long an answer takes that is in the cache, and one that is not.

Usage: scripts/bench cache

The application answers in this process, over embedded Postgres: the times are the server's own, without a network. The
answers are quotes; a model behind an API would make the first ones slower and change nothing for those in the cache.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/sidecar"))

from fresh_postgres import fresh_postgres  # noqa: E402

from fakes.wordpress import SECRET, WordPress  # noqa: E402
from rag_ask.api.app import create_app  # noqa: E402
from rag_ask.db.database import Database  # noqa: E402
from rag_ask.settings import Settings  # noqa: E402

POSTS = 200
QUESTIONS = 100
LIMIT_MS = 20
PARAGRAPH = "<p>Loaf {n} rises for an hour. It is baked at {n} degrees, and costs {n} pence.</p>"


def main(url: str) -> None:
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

    questions = [f"What does loaf {n} cost?" for n in range(1, QUESTIONS + 1)]
    seconds("Is anybody there?")
    first = [seconds(question) for question in questions]
    again = [seconds(question) for question in questions for _ in range(5)]
    app.extensions["rag_ask"].database.close()
    database.close()
    assert not any(cached for _, cached in first)
    assert all(cached for _, cached in again)
    written, kept = (sorted(1000 * took for took, _ in times) for times in (first, again))
    for name, times in (("written", written), ("from the cache", kept)):
        p95 = times[int(0.95 * len(times))]
        print(f"{name:15} p50 {statistics.median(times):5.1f} ms   p95 {p95:5.1f} ms   ({len(times)} answers)")
    print(f"ratio of the medians: {statistics.median(written) / statistics.median(kept):.1f}")
    if statistics.median(kept) > LIMIT_MS:
        sys.exit(f"The cache takes more than {LIMIT_MS} ms.")


if __name__ == "__main__":
    with fresh_postgres() as url:
        main(url)
