"""Files: the thread of the worker that indexes documents whose text is a file.

Beside the thread of the posts, because a slow server or a long file must not delay a post.
"""

from __future__ import annotations

import logging
import threading

from rag_ask.db.database import Database
from rag_ask.errors import RagAskError
from rag_ask.indexing import indexer
from rag_ask.indexing.files.reader import FileReader
from rag_ask.indexing.indexer import Shift
from rag_ask.indexing.quota import Quota
from rag_ask.providers.embedders import Embedders

log = logging.getLogger(__name__)

IDLE_S = 2.0


def run(
    database: Database, models: Embedders, files: FileReader, stop: threading.Event, lease_s: float, quota: Quota
) -> None:
    """Index files one by one until told to stop."""
    while not stop.is_set():
        count = 0
        try:
            with database.system() as connection:
                embedder = models.active(connection)
            count = indexer.index_file(Shift(database, embedder, lease_s, stop, quota, files, stop.wait))
        except RagAskError as error:
            log.warning("files: %s", error.message)
        except Exception:
            log.exception("files")
        if count == 0:
            files.close()
            stop.wait(IDLE_S)
    files.close()
