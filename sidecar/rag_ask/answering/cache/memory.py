"""Memory: the kept answers that this process gave last, before the store that all processes share is asked."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from rag_ask.answering.cache import CacheKey, Kept

# A usual answer has 3 KB as JSON, and some 10 as objects.
MAX_ANSWERS = 500


class Memory:
    """An answer leaves it when it expires, or when others were asked for since. Safe to share between threads.

    Whoever looks has just read the site's generation, which is in the key: what is no longer true is not found.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[CacheKey, tuple[Kept, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: CacheKey) -> Kept | None:
        """What was kept, unless it has expired."""
        with self._lock:
            kept, until = self._answers.get(key, (None, 0.0))
            if kept and until > time.monotonic():
                self._answers.move_to_end(key)
                return kept
            return None

    def keep(self, key: CacheKey, kept: Kept) -> None:
        """Keep it for as long as its store does."""
        with self._lock:
            self._answers[key] = kept, time.monotonic() + kept.left_s
            self._answers.move_to_end(key)
            if len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)

    def drop(self, site_id: str) -> None:
        """Forget the answers of a site."""
        with self._lock:
            for key in [key for key in self._answers if key.site_id == site_id]:
                del self._answers[key]
