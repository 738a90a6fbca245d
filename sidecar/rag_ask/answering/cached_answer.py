"""Answer cache: return a kept answer, or write one and keep it. Identical concurrent questions are written once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

from rag_ask.answering.answer import Answer, Event
from rag_ask.answering.cache import AnswerStore, CacheKey
from rag_ask.answering.cache.claim import Claim
from rag_ask.answering.cache.memory import Memory
from rag_ask.metrics import CACHE

# For how long a question waits for the same one that came before it. Shorter than the box waits for a first byte.
WAIT_S = 25.0
MAX_PAUSE_S = 0.25
KEPT_OUTCOMES = ("answered", "quoted", "unsure", "abstained")
# A failure is kept this long for the questions that wait for it, so that a slow provider is waited for once.
FAILURE_TTL_S = 5
FAILED = {"failed": True}


class Cache:
    """Gives a kept answer, or has one written and keeps it. Identical questions at the same time make one answer.

    max_waiting: how many questions of this process wait for another's answer at the same time; each holds a thread.
    """

    def __init__(self, store: AnswerStore, model: str, ttl_s: int, max_waiting: int) -> None:
        self._store = store
        self._model = model
        self._ttl_s = ttl_s
        self._memory = Memory()
        self._places = threading.Semaphore(max_waiting)

    def answer(
        self,
        key: CacheKey,
        key_now: Callable[[], CacheKey],
        write: Callable[[], Answer],
        quote: Callable[[], Answer],
    ) -> Answer:
        """key_now: reads the key anew. write: retrieves, and begins an answer. quote: the same without a model, for who
        cannot wait longer for another's answer, or waited for one that failed.

        Raises what they raise.
        """
        if self._ttl_s == 0:
            return write()
        found = self._find_or_claim(key, key_now)
        CACHE.labels("miss" if isinstance(found, Claim) or found in (None, FAILED) else "hit").inc()
        if isinstance(found, Claim):
            return self._written(found, write)
        if found is None or found == FAILED:
            return quote()
        return replay(found)

    def kept(self, key: CacheKey) -> Answer | None:
        """A kept answer, and nothing is claimed or waited for."""
        found = None if self._ttl_s == 0 else self._found(key)
        return None if found is None or found == FAILED else replay(found)

    def drop(self, site_id: str) -> None:
        """Forget the answers of a site."""
        self._store.drop(site_id)
        self._memory.drop(site_id)

    def _find_or_claim(self, key: CacheKey, key_now: Callable[[], CacheKey]) -> dict[str, Any] | Claim | None:
        """What is kept, or else the lease; None when another one holds it for too long, or too many wait already."""
        found = self._look(key)
        if found or not self._places.acquire(blocking=False):
            return found
        try:
            return self._wait(key_now)
        finally:
            self._places.release()

    def _wait(self, key_now: Callable[[], CacheKey]) -> dict[str, Any] | Claim | None:
        deadline, pause_s = time.monotonic() + WAIT_S, 0.02
        while time.monotonic() < deadline:
            time.sleep(pause_s)
            pause_s = min(1.5 * pause_s, MAX_PAUSE_S)
            # Anew each time: what is kept may be older than a push that came while this question waited.
            if found := self._look(key_now()):
                return found
        return None

    def _look(self, key: CacheKey) -> dict[str, Any] | Claim | None:
        if kept := self._found(key):
            return kept
        lease = Claim(self._store, key)
        return lease if lease.claim() else None

    def _found(self, key: CacheKey) -> dict[str, Any] | None:
        kept = self._memory.find(key)
        if kept is None and (kept := self._store.find(key)) and kept.content != FAILED:
            self._memory.keep(key, kept)
        return kept.content if kept else None

    def _written(self, lease: Claim, write: Callable[[], Answer]) -> Answer:
        try:
            written = write()
        except BaseException:
            lease.keep(FAILED, FAILURE_TTL_S)
            raise
        written.events = self._keeping(lease, written, written.events)
        return written

    def _keeping(self, lease: Claim, written: Answer, events: Generator[Event]) -> Generator[Event]:
        try:
            with closing(events):
                for name, data in events:
                    if name == "answer" and (ttl_s := self._ttl_of(data)):
                        lease.keep(_kept(written, data), ttl_s)
                    yield name, data
        except Exception:
            lease.keep(FAILED, FAILURE_TTL_S)
            raise
        finally:
            # Also when the client disconnected: the next one to ask takes over.
            lease.release()

    def _ttl_of(self, answer: dict[str, Any]) -> int:
        """0: not to be kept, for quotes past the budget are made as quickly."""
        if answer["outcome"] not in KEPT_OUTCOMES:
            return 0
        # What another model wrote, because this one could not, must not stay for a day. Without sources none was asked.
        is_as_asked = answer["model"] == self._model or not answer["sources"]
        return self._ttl_s if is_as_asked else min(self._ttl_s, FAILURE_TTL_S)


def _kept(written: Answer, answer: dict[str, Any]) -> dict[str, Any]:
    """No word of the visitor's: how long those may stay is for the site to say, and its cache need not know."""
    return {
        "answer": answer,
        "confidence": written.confidence,
        "document_ids": written.document_ids,
        "stands_alone": written.stands_alone,
    }


def replay(kept: dict[str, Any]) -> Answer:
    """The events of an answer that was given before. It cost nothing this time."""
    answer = kept["answer"] | {"usage": dict.fromkeys(kept["answer"]["usage"], 0)}
    # Earlier versions did not keep whether it stands alone.
    stands_alone = kept.get("stands_alone", False)
    return Answer(_replayed(answer), kept["confidence"], kept["document_ids"], stands_alone, is_cached=True)


def _replayed(answer: dict[str, Any]) -> Generator[Event]:
    yield "sources", {"sources": answer["sources"]}
    if answer["answer"]:
        yield "delta", {"text": answer["answer"]}
    yield "answer", answer
    yield "done", {}
