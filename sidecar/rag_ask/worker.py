"""The worker process: indexing, housekeeping and chunk headers until SIGTERM."""

from __future__ import annotations

import signal
import threading

import structlog

from rag_ask import housekeeping, logs, traces
from rag_ask.answering.factory import quoting_line
from rag_ask.db import incarnation
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable
from rag_ask.indexing import contextual_headers, file_worker, indexer, queue
from rag_ask.indexing.files.reader import FileReader, limits_of
from rag_ask.indexing.quota import quota_of
from rag_ask.providers import models
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

log = structlog.get_logger(__name__)

JOIN_S = 5.0
# Threads that index posts: while one embeds or waits for a provider, the others read and store.
INDEXERS = 3
# As many of them as a local embedder keeps busy.
LOCAL_INDEXERS = 2


def run(settings: Settings, lease_s: float) -> None:
    """Raises EmbedderMismatch at once when the stored texts were embedded by another embedder."""
    logs.configure(settings.log_level)
    traces.configure(settings.traces)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Posts, files, housekeeping and headers see one site at a time. They share the other pool with the heartbeats, for
    # moments.
    database = Database(settings, tenant_size=3 + INDEXERS, system_size=3, statement_timeout_s=60, name=queue.WORKER)
    database.open()
    try:
        known = Embedders(settings)
        known.check_start(database)
        incarnation.check_start(database)
        retry_failed(database)
        files = FileReader(limits_of(settings), settings.file_hosts.split(","))
        beside = [
            threading.Thread(
                target=housekeeping.run, args=(database, quoting_line(settings, database, known), stop), daemon=True
            ),
            threading.Thread(
                target=file_worker.run, args=(database, known, files, stop, lease_s, quota_of(settings)), daemon=True
            ),
            *(
                threading.Thread(
                    target=indexer.run,
                    args=(database, known, stop, lease_s, quota_of(settings)),
                    kwargs={"only_paid": number >= LOCAL_INDEXERS, "takes_suspects": False},
                    daemon=True,
                )
                for number in range(1, INDEXERS)
            ),
        ]
        chat = models.budgeted_model(settings, database) if settings.chunk_headers == "on" else None
        if chat:
            beside.append(
                threading.Thread(target=contextual_headers.run, args=(database, known, chat, stop), daemon=True)
            )
        for thread in beside:
            thread.start()
        try:
            indexer.run(database, known, stop, lease_s, quota_of(settings))
        finally:
            stop.set()
            for thread in beside:
                # A model may take longer: what it was asked for is asked for again.
                thread.join(JOIN_S)
    finally:
        database.close()


def retry_failed(database: Database) -> None:
    """Queue again what an older version of this worker could not read. A database that is away is waited for later."""
    try:
        with database.system() as connection:
            if count := queue.retry_failed(connection):
                log.info("worker.retry_failed", documents=count, version=queue.VERSION)
    except DatabaseUnavailable as error:
        log.warning("worker", reason=error.message)
