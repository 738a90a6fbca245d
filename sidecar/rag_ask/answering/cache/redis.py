"""The answer store in Redis. A call that times out counts as a miss."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from rag_ask.answering.cache import LEASE_S, CacheKey, Kept

log = structlog.get_logger(__name__)

TIMEOUT_S = 0.5
# After a failure it is left alone for a while, so that not every question waits for it.
AWAY_S = 5.0
T = TypeVar("T")

# Only the holder's own claim is extended or given back: by then it may be another's.
EXTEND = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('expire', KEYS[1], ARGV[2]) end return 0"
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class RedisAnswers:
    """Keys: `rag-ask:answer:SITE:DIGEST` and the same with `:lease`. Never raises."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0)
        )
        self._away_until = 0.0

    def find(self, key: CacheKey) -> Kept | None:
        """See AnswerStore."""

        def call() -> tuple[bytes | None, int]:
            with self._redis.pipeline() as pipeline:
                pipeline.get(_name(key))
                pipeline.pttl(_name(key))
                kept, left_ms = pipeline.execute()
                return kept, left_ms

        nothing: tuple[bytes | None, int] = (None, 0)
        kept, left_ms = self._call(call, nothing)
        return Kept(json.loads(kept), left_ms / 1000) if kept else None

    def claim(self, key: CacheKey, lease: str) -> bool:
        """See AnswerStore. Whoever cannot reach Redis writes an answer of its own."""

        def call() -> bool:
            is_mine = self._redis.set(f"{_name(key)}:lease", lease, nx=True, ex=LEASE_S)
            # Kept between the caller's look and its claim.
            if is_mine and self._redis.exists(_name(key)):
                self.release(key, lease)
                return False
            return bool(is_mine)

        return self._call(call, True)

    def extend(self, key: CacheKey, lease: str) -> None:
        """See AnswerStore."""
        self._call(lambda: self._redis.eval(EXTEND, 1, f"{_name(key)}:lease", lease, str(LEASE_S)), None)

    def keep(self, key: CacheKey, content: dict[str, Any], ttl_s: int) -> None:
        """See AnswerStore."""

        def call() -> None:
            with self._redis.pipeline() as pipeline:
                pipeline.set(_name(key), json.dumps(content), ex=ttl_s)
                pipeline.delete(f"{_name(key)}:lease")
                pipeline.execute()

        self._call(call, None)

    def release(self, key: CacheKey, lease: str) -> None:
        """See AnswerStore."""
        self._call(lambda: self._redis.eval(RELEASE, 1, f"{_name(key)}:lease", lease), None)

    def drop(self, site_id: str) -> None:
        """See AnswerStore."""

        def call() -> None:
            for name in self._redis.scan_iter(f"rag-ask:answer:{site_id}:*", count=1000):
                self._redis.unlink(name)

        self._call(call, None)

    def _call(self, call: Callable[[], T], otherwise: T) -> T:
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return call()
        except (RedisError, OSError) as error:
            log.warning("cache.away", reason=type(error).__name__)
            self._away_until = time.monotonic() + AWAY_S
            return otherwise


def _name(key: CacheKey) -> str:
    return f"rag-ask:answer:{key.site_id}:{key.digest.hex()}"
