"""The WRITE line: claim -> clean -> chunk -> analyze -> embed -> store. One unit of work a call."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag_ask.db import active_embedder, locks
from rag_ask.db.database import Database
from rag_ask.errors import (
    DatabaseUnavailable,
    EmbedderChanged,
    EmbedderMismatch,
    ProviderRejected,
    ProviderUnavailable,
    TooComplex,
    Unreadable,
)
from rag_ask.indexing import queue, store
from rag_ask.indexing.chunk import Chunk
from rag_ask.indexing.lexical import Lexical
from rag_ask.indexing.queue import Claimed
from rag_ask.indexing.sandbox import Sandbox
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embedders import Embedders

log = logging.getLogger(__name__)

CLAIM_SIZE = 16
EMBED_BATCH = 64
IDLE_S = 0.5
TROUBLE_S = 3.0
# One a process; it starts at the first document.
SANDBOX = Sandbox()
NO_TEXT = "The post has no text to index. Add text, or leave it as it is."


@dataclass
class Work:
    """One claimed document in work. embeddings: hash of the embedded text -> vector, as far as known."""

    document: Claimed
    chunks: list[Chunk]
    lexical: list[Lexical]
    embeddings: dict[bytes, NDArray[np.float32]]

    def missing(self) -> dict[bytes, str]:
        """The texts without an embedding: hash -> text."""
        title = self.document.title
        return {part.hash: part.embedding_text(title) for part in self.chunks if part.hash not in self.embeddings}


def run(database: Database, models: Embedders, stop: threading.Event, lease_s: float = queue.LEASE_S) -> None:
    """Index due documents until told to stop. Waits while the database is unavailable."""
    while not stop.is_set():
        try:
            with database.system() as connection:
                embedder = models.active(connection)
            if index_some(database, embedder, lease_s) == 0:
                stop.wait(IDLE_S)
        except (DatabaseUnavailable, EmbedderChanged, EmbedderMismatch) as error:
            log.warning("worker: %s", error.message)
            stop.wait(TROUBLE_S)


def index_some(database: Database, embedder: Embedder, lease_s: float = queue.LEASE_S) -> int:
    """Index one document that a dead worker held, alone, and then a batch; return how many documents that were.

    A document that fails backs off alone; the others of its batch go on. Raises DatabaseUnavailable, and
    EmbedderMismatch when the active embedder is another one.
    """
    with database.system() as connection:
        active_embedder.choose(connection, embedder.name)
        suspects = queue.claim_suspect(connection, lease_s)
    _index(database, embedder, suspects, lease_s)
    with database.system() as connection:
        batch = queue.claim(connection, CLAIM_SIZE, lease_s)
    _index(database, embedder, batch, lease_s)
    return len(suspects) + len(batch)


def _index(database: Database, embedder: Embedder, claimed: Sequence[Claimed], lease_s: float) -> None:
    if not claimed:
        return
    with queue.heartbeat(database, claimed, lease_s):
        prepared = [_prepare(database, embedder, document) for document in claimed]
        _finish(database, embedder, [work for work in prepared if work])


def _prepare(database: Database, embedder: Embedder, document: Claimed) -> Work | None:
    if document.deaths >= queue.MAX_DEATHS:
        _fail(
            database,
            document,
            "worker_died",
            f"Indexing this post alone stopped the worker {document.deaths} times. Simplify the post, and update the "
            "sidecar: a newer version tries again.",
            final=True,
        )
        return None
    with database.tenant(document.site_id) as connection:
        known = store.known_embeddings(connection, document.site_id, document.post_id, embedder.name)
        before = store.of_document(connection, document.site_id, document.post_id)
    try:
        found = SANDBOX.read(document, before)
    except (TooComplex, Unreadable) as error:
        _fail(database, document, error.code, error.message, final=True)
        return None
    return Work(document, found.chunks, found.lexical, known)


def _finish(database: Database, embedder: Embedder, batch: list[Work]) -> None:
    try:
        _embed(database, embedder, batch)
    except ProviderUnavailable as error:
        for work in batch:
            _fail(database, work.document, error.code, error.message, transient=True)
    except ProviderRejected as error:
        # One refused text fails its whole request: retry each document alone to find it.
        if len(batch) == 1:
            _fail(database, batch[0].document, error.code, error.message, final=True)
        else:
            for work in batch:
                _finish(database, embedder, [work])
    else:
        for work in batch:
            _store(database, embedder, work)


def _embed(database: Database, embedder: Embedder, batch: list[Work]) -> None:
    """Fill in the missing vectors, across documents."""
    texts: dict[bytes, str] = {}
    payers: dict[bytes, str] = {}
    for work in batch:
        missing = work.missing()
        texts |= missing
        payers |= dict.fromkeys(missing, work.document.site_id)
    hashes = list(texts)
    embeddings: dict[bytes, NDArray[np.float32]] = {}
    for start in range(0, len(hashes), EMBED_BATCH):
        part = hashes[start : start + EMBED_BATCH]
        vectors = metered.embed(database, embedder, [texts[h] for h in part], [payers[h] for h in part])
        embeddings |= zip(part, vectors, strict=True)
    for work in batch:
        work.embeddings |= embeddings


def _store(database: Database, embedder: Embedder, work: Work) -> None:
    document = work.document
    stored = [
        store.StoredChunk(part, lexical, embedder.name, work.embeddings[part.hash])
        for part, lexical in zip(work.chunks, work.lexical, strict=True)
    ]
    with database.tenant(document.site_id) as connection:
        locks.hold_site(connection, document.site_id)
        if active_embedder.active_name(connection) != embedder.name:
            queue.release(connection, document)
            return
        done = ("indexed", "", "") if stored else ("skipped", "no_text", NO_TEXT)
        if queue.settle(connection, document, *done):
            store.replace(connection, document.site_id, document.post_id, document.title, stored)
    log.info("indexed site=%s post=%s chunks=%d", document.site_id, document.post_id, len(stored))


def _fail(
    database: Database,
    document: Claimed,
    code: str,
    message: str,
    *,
    transient: bool = False,
    final: bool = False,
) -> None:
    log.warning("attempt failed site=%s post=%s code=%s: %s", document.site_id, document.post_id, code, message)
    with database.tenant(document.site_id) as connection:
        queue.back_off(connection, document, code, message, transient=transient, final=final)
