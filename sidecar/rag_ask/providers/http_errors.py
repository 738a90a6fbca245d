"""HTTP errors of providers: bounded retries, and the error that each failure becomes."""

from __future__ import annotations

import atexit
import math
import time
from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import Any, TypeVar

import httpx2
import structlog

from rag_ask import backoff, retry_after
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.metrics import PROVIDER_ERRORS

log = structlog.get_logger(__name__)

RETRIES = 2
# The key, the bill, the address or the model's name: wrong for every request until somebody corrects it.
CONFIGURATION_STATUSES = (401, 402, 403, 404)
PASSING_STATUSES = (408, 409, 425, 429)

T = TypeVar("T")


class Provider:
    """One provider, by its client library (`openai` or `anthropic`: one generator makes both, so their names agree).

    setting: how the names of its settings begin, for messages that say what to check.
    """

    def __init__(self, library: ModuleType, setting: str) -> None:
        self._library = library
        self._setting = setting

    @cached_property
    def connections(self) -> Any:
        """The library's HTTP client, one a process: reading the certificates for each costs a tenth of a second."""
        pool = self._library.DefaultHttpxClient()
        atexit.register(pool.close)
        return pool

    def with_retries(self, call: Callable[[], T], until: float, pause_s: float) -> T:
        """Return what `call` returns, trying up to twice more after a 429, a 5xx or a broken connection.

        until: on the monotonic clock; no new try starts later. pause_s: doubled for each try; Retry-After wins.
        Raises ProviderUnavailable or ProviderRejected.
        """

        def pause_before_retry(error: Exception, attempt: int) -> float | None:
            pause = self.retry_after_s(error) or backoff.delay_s(attempt, pause_s)
            if not self._may_pass_soon(error) or time.monotonic() + pause > until:
                return None
            log.warning("provider.retry", attempt=attempt + 1, error=type(error).__name__)
            return pause

        try:
            return backoff.retry(call, RETRIES + 1, pause_before_retry)
        except (self._library.APIError, httpx2.HTTPError) as error:
            raise self.translate(error) from error

    def translate(self, error: Exception) -> ProviderUnavailable | ProviderRejected:
        """Return our error for one of the client's. What the provider wrote stays out: it may repeat the key."""
        PROVIDER_ERRORS.labels(self._metric_code(error)).inc()
        if self._is_timeout(error):
            return ProviderUnavailable("The model provider did not answer in time. Try again in a minute.")
        if not isinstance(error, self._library.APIStatusError):
            return ProviderUnavailable(f"The connection to the model provider failed. Check {self._setting}_BASE_URL.")
        status, code = error.status_code, _code(error)
        reason = f"{status} {code}" if code else str(status)
        if status in CONFIGURATION_STATUSES or code == "insufficient_quota":
            return ProviderUnavailable(
                f"The model provider turned this sidecar away ({reason}). "
                f"Check {self._setting}_API_KEY and its budget, {self._setting}_BASE_URL and the model's name.",
                retry_after_s=300,
            )
        if status in PASSING_STATUSES or status >= 500:
            wait_s = math.ceil(self.retry_after_s(error) or 30)
            return ProviderUnavailable(
                f"The model provider is busy or failing ({reason}). Try again in {wait_s} s.", retry_after_s=wait_s
            )
        return ProviderRejected(f"The model provider refused the request ({reason}).")

    def retry_after_s(self, error: Exception) -> float | None:
        """Seconds from Retry-After, at most an hour; None when the provider did not send it."""
        if not isinstance(error, self._library.APIStatusError):
            return None
        wait_s = retry_after.seconds(error.response.headers.get("retry-after", ""))
        return None if wait_s is None else min(wait_s, 3600.0)

    def _metric_code(self, error: Exception) -> str:
        if isinstance(error, self._library.APIStatusError):
            return str(error.status_code)
        return "timeout" if self._is_timeout(error) else "connection"

    def _is_timeout(self, error: Exception) -> bool:
        return isinstance(error, (self._library.APITimeoutError, httpx2.TimeoutException))

    def _may_pass_soon(self, error: Exception) -> bool:
        if self._is_timeout(error):
            return False
        if isinstance(error, self._library.APIStatusError):
            passing = error.status_code in PASSING_STATUSES or error.status_code >= 500
            return passing and _code(error) != "insufficient_quota"
        return isinstance(error, (self._library.APIConnectionError, httpx2.TransportError))


def _code(error: Any) -> str | None:
    """OpenAI names the cause in `code`, Anthropic in `type`."""
    code = error.code if hasattr(error, "code") else error.type
    return str(code) if code else None
