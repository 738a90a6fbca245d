"""A site in a Postgres of its own: posts are pushed over HTTP, and indexed by the worker's code in this process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
from fresh_postgres import SECRET, fresh_postgres, server_pid
from numpy.typing import NDArray

from fakes.wordpress import WordPress
from rag_ask import worker
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer, queue, store
from rag_ask.indexing.quota import Quota
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

ROOT = Path(__file__).parents[2]
PUSHED = 100
PAUSE_S = 0.05


class Recording:
    """An embedder that remembers the texts it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimensions, self._embedder = embedder.name, embedder.dimensions, embedder
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return self._embedder.embed(texts)


class Ones:
    """An embedder that takes no time, under the name of another one."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), self.dimensions), self.dimensions**-0.5, dtype=np.float32)


class Site:
    """Made-up posts, none twice. server: the process of Postgres."""

    def __init__(self, database: Database, wordpress: WordPress, server: int) -> None:
        self.database, self.wordpress, self.server = database, wordpress, server
        self._paragraphs, self._post_id = paragraphs(), 0

    def push(self, count: int, size: int) -> list[int]:
        """Push so many posts of so many paragraphs; returns their ids."""
        ids = [self._post_id + number for number in range(1, count + 1)]
        made = [self.wordpress.upsert(post_id, 1, "\n".join(islice(self._paragraphs, size))) for post_id in ids]
        for start in range(0, count, PUSHED):
            assert self.wordpress.push(*made[start : start + PUSHED]).status_code == 202
        self._post_id += count
        return ids

    def index(self, embedder: Embedder) -> None:
        """Until nothing is pending, in this thread."""
        while self._has_pending():
            if not indexer.index_some(indexer.Shift(self.database, embedder)):
                time.sleep(PAUSE_S)

    def work(self, embedders: Embedders, threads: int) -> float:
        """Seconds until nothing is pending, with as many threads as a worker has."""
        stop = threading.Event()
        arguments = (self.database, embedders, stop, queue.LEASE_S, Quota())
        at_work = [threading.Thread(target=indexer.run, args=arguments) for _ in range(threads)]
        started = time.perf_counter()
        for thread in at_work:
            thread.start()
        while self._has_pending():
            time.sleep(PAUSE_S)
        took = time.perf_counter() - started
        stop.set()
        for thread in at_work:
            thread.join()
        return took

    def texts(self, post_ids: Sequence[int]) -> list[str]:
        """What was embedded of these posts."""
        site_id = self.wordpress.site_id
        with self.database.tenant(site_id) as connection:
            rows = connection.execute("SELECT post_id, title FROM documents").fetchall()
            chunks = store.of_documents(connection, site_id, post_ids)
        titles = {row["post_id"]: row["title"] for row in rows}
        return [part.embedding_text(titles[post_id]) for post_id in post_ids for part in chunks[post_id]]

    def _has_pending(self) -> bool:
        with self.database.system() as connection:
            return connection.execute("SELECT FROM documents WHERE state = 'pending' LIMIT 1").fetchone() is not None


def paragraphs() -> Iterator[str]:
    """Of docs/, without an end; a number makes each of them new."""
    pages = sorted((ROOT / "docs").rglob("*.md"))
    parts = [part for page in pages for part in page.read_text(encoding="utf-8").split("\n\n") if len(part) > 200]
    number = 0
    while True:
        for part in parts:
            number += 1
            yield f"<p>Number {number}. {part[:480]}</p>"


@contextmanager
def indexed_site(**changed: str | int) -> Iterator[tuple[Site, Embedders]]:
    """A fresh site with one post, and the embedders of these settings."""
    with fresh_postgres() as url:
        models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
        settings = Settings(url, SECRET, models_dir=models_dir, log_level="WARNING", **changed)  # type: ignore[arg-type]
        app = create_app(settings)
        database = Database(settings, tenant_size=3 + worker.INDEXERS, system_size=3, statement_timeout_s=60)
        database.open()
        try:
            site = Site(database, WordPress(app.test_client(), database, "bench"), server_pid(url))
            embedders = Embedders(settings)
            # Models are loaded and processes started at the first document.
            site.push(1, 1)
            site.index(embedders.own)
            yield site, embedders
        finally:
            app.extensions["rag_ask"].database.close()
            database.close()
