"""The worker: claimed documents -> clean -> chunk -> embed -> store. One unit of work a call."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag_ask import bm25, documents, store
from rag_ask.chunk import Chunk, chunk, embedding_text
from rag_ask.clean import clean
from rag_ask.database import Database
from rag_ask.documents import Claimed
from rag_ask.embed import Embedder
from rag_ask.embed.tokens import count_tokens
from rag_ask.errors import DatabaseUnavailable, ProviderRejected, ProviderUnavailable
from rag_ask.store import StoredChunk

log = logging.getLogger(__name__)

CLAIM_SIZE = 16
EMBED_BATCH = 64
IDLE_S = 0.5
DATABASE_DOWN_S = 3.0
NO_TEXT = "The post has no text to index. Add text, or leave it as it is."


@dataclass
class Work:
    """One claimed document on its way, with the vectors that are known so far, by hash."""

    document: Claimed
    chunks: list[Chunk]
    embeddings: dict[bytes, NDArray[np.float32]]

    def missing(self) -> dict[bytes, str]:
        """What is still to be embedded: hash -> text."""
        title = self.document.title
        return {
            part.hash: embedding_text(title, part.heading_path, part.text)
            for part in self.chunks
            if part.hash not in self.embeddings
        }


def run(database: Database, embedder: Embedder, stop: threading.Event) -> None:
    """Index what is due until told to stop. A database that is away is waited for."""
    while not stop.is_set():
        try:
            if index_some(database, embedder) == 0:
                stop.wait(IDLE_S)
        except DatabaseUnavailable as error:
            log.warning("worker: %s", error.message)
            stop.wait(DATABASE_DOWN_S)


def index_some(database: Database, embedder: Embedder) -> int:
    """Claim a batch of documents and index it; return how many were claimed.

    A document that fails is put off alone; the others of its batch go on. Raises DatabaseUnavailable.
    """
    with database.system() as connection:
        claimed = documents.claim(connection, CLAIM_SIZE)
    _finish(database, embedder, [work for document in claimed if (work := _prepare(database, embedder, document))])
    return len(claimed)


def _prepare(database: Database, embedder: Embedder, document: Claimed) -> Work | None:
    if document.attempts > documents.MAX_ATTEMPTS:
        _fail(
            database,
            document,
            "worker_died",
            "Indexing this post stopped the worker again and again.",
            final=True,
        )
        return None
    try:
        chunks = chunk(document.title, clean(document.html), count_tokens)
    # The text of posts is anybody's: whatever it breaks must stop this post only.
    except Exception as error:
        log.exception("clean site=%s post=%s", document.site_id, document.post_id)
        _fail(database, document, "unreadable", f"The text could not be read ({type(error).__name__}).")
        return None
    with database.tenant(document.site_id) as connection:
        known = store.known_embeddings(connection, document.site_id, document.post_id, embedder.name)
        documents.extend_leases(connection, [document])
    return Work(document, chunks, known)


def _finish(database: Database, embedder: Embedder, batch: list[Work]) -> None:
    try:
        _embed(database, embedder, batch)
    except ProviderUnavailable as error:
        for work in batch:
            _fail(database, work.document, error.code, error.message, transient=True)
    except ProviderRejected as error:
        # One refused text refuses its whole request: alone, each document answers for itself.
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
    for work in batch:
        texts |= work.missing()
    hashes = list(texts)
    embeddings: dict[bytes, NDArray[np.float32]] = {}
    for start in range(0, len(hashes), EMBED_BATCH):
        part = hashes[start : start + EMBED_BATCH]
        embeddings |= zip(part, embedder.embed([texts[h] for h in part]), strict=True)
        with database.system() as connection:
            documents.extend_leases(connection, [work.document for work in batch])
    for work in batch:
        work.embeddings |= embeddings


def _store(database: Database, embedder: Embedder, work: Work) -> None:
    document = work.document
    stored = [
        StoredChunk(
            part,
            embedder.name,
            work.embeddings[part.hash],
            bm25.document_vector(embedding_text(document.title, part.heading_path, part.text), document.language),
        )
        for part in work.chunks
    ]
    with database.tenant(document.site_id) as connection:
        store.lock(connection, document.site_id)
        done = ("indexed", "", "") if stored else ("skipped", "no_text", NO_TEXT)
        if documents.settle(connection, document, *done):
            store.replace(connection, document.site_id, document.post_id, stored)
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
    log.warning("put off site=%s post=%s code=%s: %s", document.site_id, document.post_id, code, message)
    with database.tenant(document.site_id) as connection:
        documents.back_off(connection, document, code, message, transient=transient, final=final)
