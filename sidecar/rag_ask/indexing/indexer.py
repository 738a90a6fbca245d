"""The WRITE line: claim -> clean -> chunk -> analyze -> embed -> store. One unit of work a call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import structlog
from numpy.typing import NDArray

from rag_ask import traces
from rag_ask.db import active_embedder, locks
from rag_ask.db.database import Conn, Database
from rag_ask.errors import (
    DatabaseUnavailable,
    EmbedderChanged,
    EmbedderMismatch,
    FileUnavailable,
    FileUnreadable,
    ProviderRejected,
    ProviderUnavailable,
    QuotaExceeded,
    TooComplex,
    Unreadable,
)
from rag_ask.indexing import queue, store
from rag_ask.indexing.chunk import Chunk
from rag_ask.indexing.files.reader import FileReader
from rag_ask.indexing.lexical import Lexical
from rag_ask.indexing.queue import Claimed
from rag_ask.indexing.quota import Quota, check_chunks, chunk_count
from rag_ask.indexing.sandbox import Sandbox
from rag_ask.indexing.store import StoredChunk, StoredDocument
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder, PaidEmbedder
from rag_ask.providers.embed.span import embedding_span
from rag_ask.providers.embedders import Embedders

log = structlog.get_logger(__name__)

CLAIM_SIZE = 16
EMBED_BATCH = 64
# A provider takes as long for many texts as for one.
PAID_CLAIM_SIZE = 64
PAID_EMBED_BATCH = 256
# Documents of a site in one transaction: a push of the site waits for it.
STORE_SIZE = 16
IDLE_S = 0.5
TROUBLE_S = 3.0
# One a process; it starts at the first document.
SANDBOX = Sandbox()
NO_TEXT = "The post has no text to index. Add text, or leave it as it is."


@dataclass
class Work:
    """One claimed document in work. embeddings: hash of the embedded text -> vector, as far as known on its site."""

    document: Claimed
    chunks: list[Chunk]
    lexical: list[Lexical]
    embeddings: dict[bytes, NDArray[np.float32]]
    page_urls: list[str] = field(default_factory=list)

    def stored(self, embedder: str) -> list[StoredChunk]:
        """The chunks with their vectors, once no text is missing."""
        return [
            StoredChunk(part, lexical, embedder, self.embeddings[part.hash])
            for part, lexical in zip(self.chunks, self.lexical, strict=True)
        ]

    def missing(self) -> dict[bytes, str]:
        """The texts without an embedding: hash -> text."""
        title = self.document.title
        return {part.hash: part.embedding_text(title) for part in self.chunks if part.hash not in self.embeddings}


class _Before(NamedTuple):
    """What a site has stored of the claimed documents: post -> its chunks, hash of the embedded text -> vector."""

    chunks: dict[int, list[Chunk]]
    embeddings: dict[bytes, NDArray[np.float32]]
    chunk_count: int


@dataclass(frozen=True)
class Shift:
    """What a worker works with.

    stop: set when it shall end soon. pause: called with seconds when the provider fails, before more is claimed.
    """

    database: Database
    embedder: Embedder
    lease_s: float = queue.LEASE_S
    stop: threading.Event = field(default_factory=threading.Event)
    quota: Quota = field(default_factory=Quota)
    files: FileReader | None = None
    pause: Callable[[float], object] = lambda _seconds: None


def run(
    database: Database,
    models: Embedders,
    stop: threading.Event,
    lease_s: float,
    quota: Quota,
    *,
    only_paid: bool = False,
    takes_suspects: bool = True,
) -> None:
    """Index due documents until told to stop. Waits while the database or the provider is unavailable.

    only_paid: works only while the active embedder is a provider's. takes_suspects: true for one thread of a process.
    """
    while not stop.is_set():
        try:
            with database.system() as connection:
                embedder = models.active(connection)
            idles = only_paid and not isinstance(embedder, PaidEmbedder)
            shift = Shift(database, embedder, lease_s, stop, quota, pause=stop.wait)
            if idles or index_some(shift, takes_suspects=takes_suspects) == 0:
                stop.wait(IDLE_S)
        except (DatabaseUnavailable, EmbedderChanged, EmbedderMismatch) as error:
            log.warning("worker", reason=error.message)
            stop.wait(TROUBLE_S)


def index_some(shift: Shift, *, takes_suspects: bool = True) -> int:
    """Index one document that a dead worker held, one large one, and a batch; return how many documents that were.

    takes_suspects: whether a document that a dead worker held is among them. Two at once would be charged together.
    A document that fails backs off alone; the others of its batch go on. Raises DatabaseUnavailable, and
    EmbedderMismatch when the active embedder is another one.
    """
    with shift.database.system() as connection:
        active_embedder.choose(connection, shift.embedder.name)
        suspects = queue.claim_suspect(connection, shift.lease_s) if takes_suspects else []
    _index(shift, suspects)
    with shift.database.system() as connection:
        large = queue.claim_large(connection, shift.lease_s)
    # Embedding a large document may take minutes: batches of small ones go between its requests.
    _index(shift, large, between=lambda: _index_batch(shift))
    return len(suspects) + len(large) + _index_batch(shift)


def index_file(shift: Shift) -> int:
    """Index one document that is a file; return how many that were. Raises as index_some does."""
    with shift.database.system() as connection:
        active_embedder.choose(connection, shift.embedder.name)
        claimed = queue.claim_file(connection, shift.lease_s)
    _index(shift, claimed)
    return len(claimed)


def _index_batch(shift: Shift) -> int:
    with shift.database.system() as connection:
        count = PAID_CLAIM_SIZE if isinstance(shift.embedder, PaidEmbedder) else CLAIM_SIZE
        batch = queue.claim(connection, count, shift.lease_s)
    _index(shift, batch)
    return len(batch)


def _index(shift: Shift, claimed: Sequence[Claimed], between: Callable[[], object] = lambda: None) -> None:
    if not claimed:
        return
    with (
        traces.span("index", {"rag_ask.documents": len(claimed)}),
        queue.heartbeat(shift.database, claimed, shift.lease_s),
    ):
        try:
            prepared = []
            before = {site_id: _before(shift, site_id, of_site) for site_id, of_site in _by_site(claimed).items()}
            for document in claimed:
                if shift.stop.is_set():
                    raise _Stopping
                prepared.append(_prepare(shift, document, before[document.site_id]))
            _finish(shift, [work for work in prepared if work], between)
        except _Stopping:
            _release(shift.database, claimed)


class _Stopping(Exception):
    """The worker stops: what it has claimed and not stored goes back to the queue."""


def _release(database: Database, claimed: Sequence[Claimed]) -> None:
    for document in claimed:
        with database.tenant(document.site_id) as connection:
            queue.release(connection, document)


def _by_site(claimed: Sequence[Claimed]) -> dict[str, list[int]]:
    posts: dict[str, list[int]] = {document.site_id: [] for document in claimed}
    for document in claimed:
        posts[document.site_id].append(document.post_id)
    return posts


def _before(shift: Shift, site_id: str, post_ids: list[int]) -> _Before:
    with shift.database.tenant(site_id) as connection:
        return _Before(
            store.of_documents(connection, site_id, post_ids),
            store.known_embeddings(connection, site_id, post_ids, shift.embedder.name),
            chunk_count(connection, site_id),
        )


def _prepare(shift: Shift, document: Claimed, stored: _Before) -> Work | None:
    if document.deaths >= queue.MAX_DEATHS:
        _fail(
            shift.database,
            document,
            "worker_died",
            f"Indexing this post alone stopped the worker {document.deaths} times. Simplify the post, and update the "
            "sidecar: a newer version tries again.",
            final=True,
        )
        return None
    before = stored.chunks[document.post_id]
    try:
        with traces.span("read", {"rag_ask.site": document.site_id, "rag_ask.post": document.post_id}):
            found = shift.files.read(document, before) if shift.files else SANDBOX.read(document, before)
        check_chunks(stored.chunk_count - len(before), len(found.chunks), shift.quota)
    except FileUnavailable as error:
        _fail(shift.database, document, error.code, error.message)
        return None
    except (TooComplex, Unreadable, QuotaExceeded, FileUnreadable) as error:
        _fail(shift.database, document, error.code, error.message, final=True)
        return None
    return Work(document, found.chunks, found.lexical, stored.embeddings, found.page_urls)


def _finish(shift: Shift, batch: list[Work], between: Callable[[], object]) -> None:
    try:
        _embed(shift, batch, between)
    except ProviderUnavailable as error:
        for work in batch:
            _fail(shift.database, work.document, error.code, error.message, transient=True)
        shift.pause(TROUBLE_S)
    except ProviderRejected as error:
        # One refused text fails its whole request: retry each document alone to find it.
        if len(batch) == 1:
            _fail(shift.database, batch[0].document, error.code, error.message, final=True)
        else:
            for work in batch:
                _finish(shift, [work], between)
    else:
        for site_id in dict.fromkeys(work.document.site_id for work in batch):
            of_site = [work for work in batch if work.document.site_id == site_id]
            for start in range(0, len(of_site), STORE_SIZE):
                with traces.span("store", {"rag_ask.site": site_id}):
                    _store(shift, site_id, of_site[start : start + STORE_SIZE])


def _embed(shift: Shift, batch: list[Work], between: Callable[[], object]) -> None:
    """Fill in the missing vectors, across documents. between: called between two requests."""
    texts: dict[bytes, str] = {}
    payers: dict[bytes, str] = {}
    for work in batch:
        missing = work.missing()
        texts |= missing
        payers |= dict.fromkeys(missing, work.document.site_id)
    hashes = list(texts)
    embeddings: dict[bytes, NDArray[np.float32]] = {}
    size = PAID_EMBED_BATCH if isinstance(shift.embedder, PaidEmbedder) else EMBED_BATCH
    for start in range(0, len(hashes), size):
        if shift.stop.is_set():
            raise _Stopping
        if start:
            between()
        part = hashes[start : start + size]
        with embedding_span(shift.embedder.name):
            vectors = metered.embed(shift.database, shift.embedder, [texts[h] for h in part], [payers[h] for h in part])
        embeddings |= zip(part, vectors, strict=True)
    for work in batch:
        work.embeddings |= embeddings


def _store(shift: Shift, site_id: str, batch: list[Work]) -> None:
    """Store documents of one site in one transaction; those whose lease was lost stay as they are."""
    with shift.database.tenant(site_id) as connection:
        locks.hold_site(connection, site_id)
        if active_embedder.active_name(connection) != shift.embedder.name:
            for work in batch:
                queue.release(connection, work.document)
            return
        held = _settle(connection, site_id, batch)
        stored = [
            StoredDocument(work.document.post_id, work.document.title, work.stored(shift.embedder.name))
            for work in batch
            if work.document.post_id in held
        ]
        if stored:
            store.replace_all(connection, site_id, stored)
    for each in stored:
        log.info("indexed", site=site_id, post=each.post_id, chunks=len(each.chunks))


def _settle(connection: Conn, site_id: str, batch: Sequence[Work]) -> set[int]:
    """The posts whose lease is still held."""
    indexed = [work.document for work in batch if work.chunks]
    skipped = [work.document for work in batch if not work.chunks]
    # A file is alone in its batch.
    page_urls = batch[0].page_urls if batch[0].document.file else None
    return queue.settle(connection, site_id, indexed, "indexed", page_urls=page_urls) | queue.settle(
        connection, site_id, skipped, "skipped", "no_text", NO_TEXT, page_urls
    )


def _fail(
    database: Database,
    document: Claimed,
    code: str,
    message: str,
    *,
    transient: bool = False,
    final: bool = False,
) -> None:
    log.warning("indexing.failed", site=document.site_id, post=document.post_id, code=code, reason=message)
    with database.tenant(document.site_id) as connection:
        locks.hold_site(connection, document.site_id)
        if queue.back_off(connection, document, code, message, transient=transient, final=final) == "failed":
            # What is stored is an older version: its author may have withdrawn what it says.
            store.replace(connection, document.site_id, document.post_id, "", [])
