"""Measure what one edited paragraph of a post of 50 chunks costs, and how soon it is found.

The worker's code embeds in this process, so that its texts are counted. Then a `rag-ask worker` with the default
embedder runs; each time another paragraph is edited and pushed, and the site is searched until the edit comes first.
"""

from __future__ import annotations

import os
import time
from functools import partial
from statistics import median

import figures
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres
from indexed_site import Recording
from serving import LIMIT, SETTINGS
from sidecar_processes import Processes, until

from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer
from rag_ask.providers import models
from rag_ask.settings import Settings

CHUNKS = 50
EDITS, QUICK = 15, 4
MOST_TEXTS, MOST_S = 3, 2.0
TIMEOUT_S = 60
SENTENCE = "Loaf number {n} rises for an hour on the warm shelf, and then it is baked at {n} degrees. "


def post(edited: dict[int, str]) -> str:
    """A post of so many chunks, one under each heading."""
    parts = (f"<h2>Loaf {n}</h2><p>{SENTENCE.format(n=n) * 4}{edited.get(n, '')}</p>" for n in range(CHUNKS))
    return "\n".join(parts)


def measure(is_quick: bool) -> list[Figure]:
    models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
    with fresh_postgres() as url:
        limits = {"visitor_limits": LIMIT, "site_limits": LIMIT}
        settings = Settings(url, SECRET, models_dir=models_dir, log_level="WARNING", **limits)
        app = create_app(settings)
        database = Database(settings, tenant_size=4, system_size=3, statement_timeout_s=60)
        database.open()
        processes = Processes(url)
        try:
            site = WordPress(app.test_client(), database, "bench")
            chunks = index(site, settings, 1, post({}))
            assert len(chunks) >= CHUNKS
            embedded = index(site, settings, 2, post({20: "It keeps a gingham cloth."}))
            processes.start("worker", **(SETTINGS | {"RAG_ASK_EMBEDDER": "local"}))
            # The first one waits for the worker to start.
            took = [found_after(site, number) for number in range(1 + (QUICK if is_quick else EDITS))][1:]
        finally:
            processes.stop()
            app.extensions["rag_ask"].database.close()
            database.close()
    figure = partial(Figure, "edit", case=f"a post of {len(chunks)} chunks")
    return [
        figure("one edited paragraph: texts embedded", len(embedded), "", MOST_TEXTS, False),
        figure("one edited paragraph: searchable after its push, median", median(took), "s", MOST_S, False),
        figure("one edited paragraph: searchable after its push, worst", max(took), "s"),
    ]


def index(site: WordPress, settings: Settings, version: int, html: str) -> list[str]:
    """Push and index a version here. Returns the texts that were embedded."""
    recording = Recording(models.embedder(settings))
    assert site.push(site.upsert(1, version, html)).status_code == 202
    while indexer.index_some(indexer.Shift(site.database, recording)):
        pass
    return recording.texts


def found_after(site: WordPress, number: int) -> float:
    """Seconds from the push of an edit until a search finds it first."""
    word = f"quince{chr(ord('a') + number)}"
    started = time.perf_counter()
    assert site.push(site.upsert(1, 3 + number, post({number: word}))).status_code == 202

    def is_found() -> bool:
        passages = site.post("/v1/search", {"question": f"Which loaf is {word}?"}).json["passages"]
        return bool(passages) and word in passages[0]["text"]

    until(is_found, TIMEOUT_S)
    return time.perf_counter() - started


if __name__ == "__main__":
    figures.run(__doc__, measure)
