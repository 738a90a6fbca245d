"""Heartbeat: a provider's reply, with an empty part each second while nothing arrives.

The reply is read in a thread of its own: a read that blocks ends neither at a deadline, nor when the visitor leaves.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from queue import Empty, SimpleQueue

from rag_ask.providers.chat import Usage
from rag_ask.providers.chat.sse import too_late

# A disconnected client is noticed at the second one: the first write after a connection was closed succeeds.
SIGN_S = 1.0

Part = str | Usage


def listen(parts: Generator[Part], finish_by: float, left: threading.Event) -> Iterator[Part]:
    """Yield the parts, and an empty text every second.

    finish_by: on the monotonic clock. left: is set when nobody listens any more.
    Raises what the parts raise, and ProviderUnavailable at the deadline.
    """
    said: SimpleQueue[Part | Exception | None] = SimpleQueue()
    threading.Thread(target=_read, args=(parts, said, left), name="reply", daemon=True).start()
    sign_at = time.monotonic() + SIGN_S
    try:
        while (now := time.monotonic()) < finish_by:
            if now >= sign_at:
                sign_at = now + SIGN_S
                yield ""
                continue
            try:
                part = said.get(timeout=min(sign_at, finish_by) - now)
            except Empty:
                continue
            if part is None:
                return
            if isinstance(part, Exception):
                raise part
            yield part
        raise too_late()
    finally:
        left.set()


def _read(parts: Generator[Part], said: SimpleQueue[Part | Exception | None], left: threading.Event) -> None:
    try:
        with closing(parts):
            for part in parts:
                said.put(part)
                if left.is_set():
                    return
        said.put(None)
    except Exception as error:
        said.put(error)
