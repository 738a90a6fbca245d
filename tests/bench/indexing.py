"""Measure indexing: a worker against the bare embedder, and against one call of a provider for each chunk.

Posts are made of the paragraphs of docs/, three in each for the local model and eight for the provider; a number makes
each of them new. With the local embedder the worker's code and the bare embedder, given the same texts, take turns. The
provider is a local server that takes 100 ms a call; the worker's threads run in this process. One call a chunk is what
the same texts take that way, without any other work. In the end the provider refuses calls with 429 and Retry-After:
none of the calls after it may come before that time is over, and nothing may be lost.
"""

from __future__ import annotations

import base64
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import figures
import numpy as np
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres
from numpy.typing import NDArray

from fakes.openai_server import Behaviour, OpenAIServer, status
from fakes.wordpress import WordPress
from rag_ask import worker
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer, queue
from rag_ask.indexing.quota import Quota
from rag_ask.providers import models
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

ROOT = Path(__file__).parents[2]
POSTS, QUICK = 2_000, 100
TURN = 100
PARAGRAPHS, PARAGRAPHS_OF_PROVIDER = 3, 8
CALL_S = 0.1
DIMENSIONS = 384
# So many calls of one chunk tell what a call takes.
ALONE = 20
REFUSED, RETRY_AFTER_S = 3, 1.0
VECTOR = base64.b64encode(np.ones(DIMENSIONS, dtype=np.float32)).decode()

figure = partial(Figure, "indexing")


class Recording:
    """An embedder that remembers the texts it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimensions, self._embedder = embedder.name, embedder.dimensions, embedder
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self._embedder.embed(texts)


def paragraphs() -> Iterator[str]:
    """Without an end, none twice."""
    pages = sorted((ROOT / "docs").rglob("*.md"))
    parts = [part for page in pages for part in page.read_text(encoding="utf-8").split("\n\n") if len(part) > 200]
    number = 0
    while True:
        for part in parts:
            number += 1
            yield f"<p>Number {number}. {part[:480]}</p>"


class Site:
    """A site whose posts are pushed over HTTP and indexed by the worker's code, in this process."""

    def __init__(self, settings: Settings, database: Database, wordpress: WordPress) -> None:
        self.database, self.wordpress = database, wordpress
        self._paragraphs, self._post_id = paragraphs(), 0

    def push(self, count: int, size: int = PARAGRAPHS) -> None:
        made = []
        for _ in range(count):
            self._post_id += 1
            html = "\n".join(islice(self._paragraphs, size))
            made.append(self.wordpress.upsert(self._post_id, 1, html))
        for start in range(0, count, TURN):
            assert self.wordpress.push(*made[start : start + TURN]).status_code == 202

    def index(self, embedder: Embedder) -> float:
        """Seconds until nothing is pending."""
        started = time.perf_counter()
        while self.wordpress.status()["documents"]["pending"]:
            if not indexer.index_some(indexer.Shift(self.database, embedder)):
                time.sleep(0.05)
        return time.perf_counter() - started

    def work(self, settings: Settings) -> float:
        """Seconds until nothing is pending, with as many threads as the worker has for a provider."""
        stop, embedders = threading.Event(), Embedders(settings)
        arguments = (self.database, embedders, stop, queue.LEASE_S, Quota())
        threads = [threading.Thread(target=indexer.run, args=arguments) for _ in range(worker.INDEXERS)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        while self.wordpress.status()["documents"]["pending"]:
            time.sleep(0.05)
        took = time.perf_counter() - started
        stop.set()
        for thread in threads:
            thread.join()
        return took


def measure(is_quick: bool) -> list[Figure]:
    count = QUICK if is_quick else POSTS
    return [*with_local_model(count), *with_provider(count)]


@contextmanager
def opened(**changed: str | int) -> Iterator[tuple[Embedder, Site, Settings]]:
    """A fresh site, and the embedder of these settings."""
    with fresh_postgres() as url:
        models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
        settings = Settings(url, SECRET, models_dir=models_dir, log_level="WARNING", **changed)  # type: ignore[arg-type]
        app = create_app(settings)
        database = Database(settings, tenant_size=3 + worker.INDEXERS, system_size=3, statement_timeout_s=60)
        database.open()
        try:
            site = Site(settings, database, WordPress(app.test_client(), database, "bench"))
            embedder = models.embedder(settings)
            # Models are loaded and processes started at the first document.
            site.push(1)
            site.index(embedder)
            yield embedder, site, settings
        finally:
            app.extensions["rag_ask"].database.close()
            database.close()


def with_local_model(count: int) -> list[Figure]:
    ours = bare = 0.0
    texts = 0
    with opened() as (embedder, site, _):
        for done in range(TURN, count + 1, TURN):
            recording = Recording(embedder)
            site.push(TURN)
            ours += site.index(recording)
            bare += seconds(partial(embedder.embed, recording.texts))
            texts += len(recording.texts)
            figures.progress(f"{done} posts, {texts} chunks: {bare / ours:.0%} of the bare embedder")
    case = f"{count:,} posts, local model"
    return [
        figure("indexing against the bare embedder", bare / ours, "x", 0.85, True, case),
        figure("chunks a second", texts / ours, "", case=case),
    ]


def with_provider(count: int) -> list[Figure]:
    with OpenAIServer() as server:
        at: list[float] = []
        server.behaviour = lambda path: timed(at, canned)  # type: ignore[method-assign]
        changed = {"embedder": "openai", "openai_api_key": "test", "openai_base_url": server.base_url}
        with opened(**changed, embedding_dimensions=DIMENSIONS) as (embedder, site, settings):
            site.push(count, PARAGRAPHS_OF_PROVIDER)
            before = len(server.requests)
            took = site.work(settings)
            sent = [text for request in server.requests[before:] for text in request.body["input"]]
            calls = len(server.requests) - before
            one_by_one = seconds(lambda: [embedder.embed([text]) for text in sent[:ALONE]]) / ALONE * len(sent)
            early = refused(site, settings, server)
    case = f"{count:,} posts, provider with 100 ms a call"
    figures.progress(f"{case}: {calls} calls for {len(sent)} chunks in {took:.1f} s")
    return [
        figure("indexing against one call a chunk", one_by_one / took, "x", 60, True, case),
        figure("chunks a second", len(sent) / took, "", case=case),
        figure("calls before the end of a Retry-After", early, "", 0, False, case),
    ]


def timed(at: list[float], behaviour: Behaviour) -> Behaviour:
    def play(handler, body):  # type: ignore[no-untyped-def]
        at.append(time.monotonic())
        behaviour(handler, body)

    return play


def canned(handler, body):  # type: ignore[no-untyped-def]
    """The same vector for each text, so that the server takes no time of its own."""
    handler.owner.stopping.wait(CALL_S)
    data = ",".join(f'{{"object":"embedding","index":{i},"embedding":"{VECTOR}"}}' for i in range(len(body["input"])))
    usage = '{"prompt_tokens":1,"total_tokens":1}'
    handler.send(200, f'{{"object":"list","model":"m","data":[{data}],"usage":{usage}}}'.encode())


def refused(site: Site, settings: Settings, server: OpenAIServer) -> int:
    """How many calls came before a refusal allowed it. All posts are indexed in the end."""
    at: list[float] = []
    left = [status(429, "rate_limit_exceeded", retry_after=f"{RETRY_AFTER_S:g}")] * REFUSED
    server.behaviour = lambda path: timed(at, left.pop() if left else canned)  # type: ignore[method-assign]
    site.push(TURN)
    site.work(settings)
    assert site.wordpress.status()["documents"]["failed"] == 0
    # The first refusals may be of calls that several threads made at once.
    return sum(later - at[0] < RETRY_AFTER_S for later in at[worker.INDEXERS :])


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    figures.run(__doc__, measure)
