"""Worker: the indexer as a process of its own, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading

from rag_ask import embedders, housekeeping, indexer
from rag_ask.database import Database
from rag_ask.embedders import Embedders
from rag_ask.settings import Settings


def run(settings: Settings, lease_s: float) -> None:
    """Raises EmbedderMismatch at once when the stored texts were embedded by another embedder."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # One connection for the work, one for the heartbeat, one for housekeeping.
    database = Database(settings.database_url, max_size=3, statement_timeout_s=60)
    database.open()
    try:
        known = Embedders(settings)
        embedders.check_start(database, known.own.name)
        tidying = threading.Thread(target=housekeeping.run, args=(database, stop))
        tidying.start()
        try:
            indexer.run(database, known, stop, lease_s)
        finally:
            stop.set()
            tidying.join()
    finally:
        database.close()
