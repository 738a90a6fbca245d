"""Exchange: one question and its answer, written now or kept from before, as events on their way to the visitor."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from rag_ask.cache import AnswerStore, Key
from rag_ask.errors import RagAskError

log = logging.getLogger(__name__)

# For how long a question waits for the same one that came before it. Shorter than the box waits for a first byte.
WAIT_S = 20.0
MAX_PAUSE_S = 0.25
KEPT_OUTCOMES = ("answered", "quoted", "abstained")

Event = tuple[str, dict[str, Any]]


@dataclass
class Exchange:
    """The events of an answer, and what is known of how it came about.

    question: standing alone; empty where the answer was kept, for questions never are.
    """

    events: Generator[Event]
    confidence: float
    document_ids: list[int]
    question: str = ""
    is_cached: bool = False


class Cache:
    """Gives a kept answer, or has one written and keeps it. Identical questions at the same time make one answer."""

    def __init__(self, store: AnswerStore, model: str, ttl_s: int) -> None:
        self._store = store
        self._model = model
        self._ttl_s = ttl_s

    def exchange(self, key_of: Callable[[], Key], write: Callable[[], Exchange]) -> Exchange:
        """key_of: reads the key anew. write: retrieves, and begins an answer.

        Raises what they raise.
        """
        if self._ttl_s == 0:
            return write()
        key, kept, lease = self._find_or_claim(key_of)
        if kept is not None:
            return replay(kept)
        try:
            written = write()
        except BaseException:
            self._release(key, lease)
            raise
        written.events = self._keeping(key, lease, written, written.events)
        return written

    def drop(self, site_id: str) -> None:
        """Forget the answers of a site."""
        self._store.drop(site_id)

    def _find_or_claim(self, key_of: Callable[[], Key]) -> tuple[Key, dict[str, Any] | None, str]:
        """The kept answer, or else the lease; neither when another one took too long."""
        deadline, pause_s, lease = time.monotonic() + WAIT_S, 0.02, str(uuid4())
        while True:
            # Anew each time: what is kept may be older than a push that came while this question waited.
            key = key_of()
            kept = self._store.find(key)
            if kept is not None or self._store.claim(key, lease):
                return key, kept, lease
            if time.monotonic() > deadline:
                return key, None, lease
            time.sleep(pause_s)
            pause_s = min(1.5 * pause_s, MAX_PAUSE_S)

    def _keeping(self, key: Key, lease: str, written: Exchange, events: Generator[Event]) -> Generator[Event]:
        is_kept = False
        try:
            with closing(events):
                for name, data in events:
                    if name == "answer" and self._is_worth_keeping(data):
                        is_kept = self._keep(key, written, data)
                    yield name, data
        finally:
            if not is_kept:
                self._release(key, lease)

    def _is_worth_keeping(self, answer: dict[str, Any]) -> bool:
        # What another model wrote, because this one could not, must not stay for a day. Without sources none was asked.
        is_as_asked = answer["model"] == self._model or not answer["sources"]
        return answer["outcome"] in KEPT_OUTCOMES and is_as_asked

    def _keep(self, key: Key, written: Exchange, answer: dict[str, Any]) -> bool:
        # No word of the visitor's: how long those may stay is for the site to say, and its cache need not know.
        kept = {"answer": answer, "confidence": written.confidence, "document_ids": written.document_ids}
        try:
            self._store.keep(key, kept, self._ttl_s)
        except RagAskError as error:
            log.warning("cache action=keep site=%s reason=%s", key.site_id, error.message)
            return False
        return True

    def _release(self, key: Key, lease: str) -> None:
        try:
            self._store.release(key, lease)
        except RagAskError as error:
            log.warning("cache action=release site=%s reason=%s", key.site_id, error.message)


def replay(kept: dict[str, Any]) -> Exchange:
    """The events of an answer that was given before. It cost nothing this time."""
    answer = kept["answer"] | {"usage": dict.fromkeys(kept["answer"]["usage"], 0)}
    return Exchange(_replayed(answer), kept["confidence"], kept["document_ids"], is_cached=True)


def _replayed(answer: dict[str, Any]) -> Generator[Event]:
    yield "sources", {"sources": answer["sources"]}
    if answer["answer"]:
        yield "delta", {"text": answer["answer"]}
    yield "answer", answer
    yield "done", {}
