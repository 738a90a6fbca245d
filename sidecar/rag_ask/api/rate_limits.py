"""Rate limits by visitor or API key, network and site, counted in memory for one process and in Redis for more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, g
from flask_limiter import Limiter
from limits.storage import MemoryStorage
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from rag_ask.settings import Settings
from rag_ask.tenant import Visitor

FEEDBACK_LIMITS = "20 per minute"
PROBE_LIMITS = "20 per minute"
OUTSIDE_LIMITS = "20 per minute"
# From this share of the site's limit on, answers call no model: a flood costs nothing and guests still get answers.
QUOTING_SHARE = 0.8
REDIS_TIMEOUT_S = 0.5
SWEEP_S = 10.0


class Limits:
    """Counts questions. A breach raises Flask-Limiter's RateLimitExceeded (429)."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._limiter = Limiter(
            key_func=_counted_for,
            app=app,
            storage_uri=settings.redis_url or "memory://",
            storage_options=_redis_options() if settings.redis_url else {},
            strategy="moving-window",
            # A visitor is better served with limits per process than with an error.
            in_memory_fallback_enabled=bool(settings.redis_url),
            key_prefix="rag-ask",
            request_identifier=_identity,
        )
        if isinstance(self._limiter.storage, MemoryStorage):
            self._limiter.storage.timer = cast(Any, Sweeper(self._limiter.storage))
        limits = {
            "visitor": settings.visitor_limits,
            "network": settings.network_limits,
            "site": settings.site_limits,
            "key": settings.key_limits,
            "feedback": FEEDBACK_LIMITS,
            "probe": PROBE_LIMITS,
            "token": OUTSIDE_LIMITS,
        }
        self._checks = {scope: self._check(scope, text) for scope, text in limits.items()}
        app.after_request(self._add_headers)

    def problem(self) -> str:
        """What is wrong with the store of the counts, with the remedy; empty when nothing is."""
        if self._limiter.storage.check():
            return ""
        return "Redis does not answer, so limits are counted in each process. Start it, or correct REDIS_URL."

    def count(self, visitor: Visitor) -> bool:
        """Count one question of this visitor, its network and its site; none after the first that refuses it.

        Returns whether the site is near its limit, so that the answer is to be extractive.
        """
        site_id = visitor.site.site_id
        self._count("key" if visitor.is_server else "visitor", f"{site_id}:{visitor.subject}")
        shown = self._limiter.context.view_rate_limit
        if visitor.network:
            self._count("network", f"{site_id}:{visitor.network}")
        self._count("site", site_id)
        of_site = self._limiter.context.view_rate_limits
        is_near = any(limit.remaining < (1 - QUOTING_SHARE) * limit.limit.amount for limit in of_site)
        # The header fields tell a visitor of its own limit, and of the site's only when that one stops it.
        self._limiter.context.view_rate_limit = shown
        return is_near

    def count_feedback(self, visitor: Visitor) -> None:
        """Count one rating of this visitor. Ratings use up no questions."""
        self._count("feedback", f"{visitor.site.site_id}:{visitor.subject}")

    def count_probe(self, visitor: Visitor) -> None:
        """Count one probe of the visitor's path."""
        self._count("probe", f"{visitor.site.site_id}:{visitor.subject}")

    def count_token(self, visitor: Visitor) -> None:
        """Count one token of a visitor of a page outside WordPress."""
        self._count("token", f"{visitor.site.site_id}:{visitor.subject}")

    def _count(self, scope: str, name: str) -> None:
        g.counted_for = name
        self._checks[scope]()

    def _check(self, scope: str, limits: str) -> Callable[[], None]:
        """A function that counts for `g.counted_for`, whatever the route. Made once: Flask-Limiter finds limits by the
        name of the function, so that those made for each request would be counted for each other's visitors."""

        def check() -> None:
            """Flask-Limiter has counted before it calls this."""

        check.__qualname__ = f"check_{scope}"
        return self._limiter.shared_limit(limits, scope)(check)

    def _add_headers(self, response: Response) -> Response:
        """The header fields of the IETF draft: seconds until the reset, where Flask-Limiter writes a date."""
        limit = self._limiter.current_limit
        if limit is None:
            return response
        try:
            reset_s, remaining = max(1, int(limit.reset_at - time.time())), limit.remaining
        except RedisError:
            # Gone since the question was counted; the answer goes out without the fields.
            return response
        response.headers["RateLimit-Limit"] = str(limit.limit.amount)
        response.headers["RateLimit-Remaining"] = str(max(0, remaining))
        response.headers["RateLimit-Reset"] = str(reset_s)
        if limit.breached:
            response.headers["Retry-After"] = str(reset_s)
        return response


def _counted_for() -> str:
    return str(g.counted_for)


def _identity() -> str:
    """What Flask-Limiter calls a request. It passes over those without, as each is before its visitor is known."""
    return "counted" if "counted_for" in g else ""


class Sweeper:
    """In place of the timer of the counts in memory: that one starts a thread for nearly every question, which takes
    longer than to count it, and it keeps the name of each visitor for ever."""

    def __init__(self, storage: MemoryStorage) -> None:
        self._storage = storage
        self._due = 0.0
        self._sweeping = threading.Lock()

    def is_alive(self) -> bool:
        """Asked at each count. There is never a thread to be started."""
        if self._sweeping.acquire(blocking=False):
            try:
                self._sweep()
            finally:
                self._sweeping.release()
        return True

    def _sweep(self) -> None:
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + SWEEP_S
        now = time.time()
        for name in list(self._storage.events):
            with self._storage.locks[name]:
                kept = [entry for entry in self._storage.events.get(name, []) if entry.expiry > now]
                if kept:
                    self._storage.events[name] = kept
                else:
                    self._storage.events.pop(name, None)
                    self._storage.locks.pop(name, None)


def _redis_options() -> dict[str, Any]:
    """One try, and a short one: a question waits for it. The client's own default is to try for ever."""
    never = Retry(NoBackoff(), 0)
    return {"socket_timeout": REDIS_TIMEOUT_S, "socket_connect_timeout": REDIS_TIMEOUT_S, "retry": never}
