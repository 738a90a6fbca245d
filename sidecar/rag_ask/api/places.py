"""Places: how many questions a process answers at a time. The one that finds none free is told so at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag_ask.errors import Busy
from rag_ask.metrics import STREAMS


class Places:
    """Counts the questions under way. Some threads stay free for pushes, probes, and for saying that all is taken."""

    def __init__(self, threads: int) -> None:
        self._free = threading.Semaphore(max(1, threads - max(2, threads // 8)))

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for one question, given back at the end. Raises Busy."""
        if not self._free.acquire(blocking=False):
            raise Busy
        STREAMS.inc()
        try:
            yield
        finally:
            STREAMS.dec()
            self._free.release()
