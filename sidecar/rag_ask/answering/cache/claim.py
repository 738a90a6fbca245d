"""A claim on a cache key. A heartbeat thread keeps it alive while the answer is written."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import structlog

from rag_ask.answering.cache import LEASE_S, AnswerStore, CacheKey
from rag_ask.errors import DatabaseFull, RagAskError

log = structlog.get_logger(__name__)

BEATS_PER_LEASE = 3
# Longer than any answer may take: whatever goes wrong, nobody waits for this one any more.
MAX_BEATS = round(90 / LEASE_S * BEATS_PER_LEASE)


class Claim:
    """One claim. It ends when something is kept under the key, or when it is given back."""

    def __init__(self, store: AnswerStore, key: CacheKey) -> None:
        self.key = key
        self._store = store
        self._id = str(uuid4())
        self._ended = threading.Event()

    def claim(self) -> bool:
        """True when the key is the caller's now. Raises DatabaseUnavailable."""
        try:
            if not self._store.claim(self.key, self._id):
                return False
        except DatabaseFull:
            # Nothing can be kept, so each question is answered for itself.
            self._ended.set()
            return True
        threading.Thread(target=self._beat, name="lease", daemon=True).start()
        return True

    def keep(self, kept: dict[str, Any], ttl_s: int) -> None:
        """Keep this under the key. Who waits for it finds it at his next look, or writes for himself once it lapsed."""
        self._ended.set()
        try:
            self._store.keep(self.key, kept, ttl_s)
        except RagAskError as error:
            log.warning("cache.keep", site=self.key.site_id, reason=error.message)

    def release(self) -> None:
        """Give the key back, unless something is kept under it."""
        if self._ended.is_set():
            return
        self._ended.set()
        try:
            self._store.release(self.key, self._id)
        except RagAskError as error:
            log.warning("cache.release", site=self.key.site_id, reason=error.message)

    def _beat(self) -> None:
        for _ in range(MAX_BEATS):
            if self._ended.wait(LEASE_S / BEATS_PER_LEASE):
                return
            try:
                self._store.extend(self.key, self._id)
            except RagAskError as error:
                log.warning("cache.extend", site=self.key.site_id, reason=error.message)
