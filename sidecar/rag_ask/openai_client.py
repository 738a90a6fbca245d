"""What both OpenAI providers share: the client, its retries, and what its errors mean to us."""

from __future__ import annotations

import atexit
import email.utils
import logging
import math
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import httpx2
import openai

from rag_ask.errors import ProviderRejected, ProviderUnavailable

log = logging.getLogger(__name__)

RETRIES = 2
# The key, the bill, the address or the model's name: wrong for every request until somebody mends it.
CONFIGURATION_STATUSES = (401, 402, 403, 404)
PASSING_STATUSES = (408, 409, 425, 429)

T = TypeVar("T")


def connect(api_key: str, base_url: str | None, timeout_s: float) -> openai.OpenAI:
    """Return a client that never retries: its own retries wait up to two minutes, holding a visitor's thread."""
    # Servers of one's own often need no key, but the client insists on one.
    return openai.OpenAI(
        api_key=api_key or "none",
        base_url=base_url,
        timeout=timeout_s,
        max_retries=0,
        http_client=_connections(),
    )


@cache
def _connections() -> openai.DefaultHttpxClient:
    """One pool a process: reading the certificates for each costs a tenth of a second."""
    pool = openai.DefaultHttpxClient()
    atexit.register(pool.close)
    return pool


def with_retries(call: Callable[[], T], until: float, pause_s: float) -> T:
    """Return what `call` returns, trying up to twice more after a 429, a 5xx or a broken connection.

    until: on the monotonic clock; no new try starts later. pause_s: doubled for each try; Retry-After wins.
    Raises ProviderUnavailable or ProviderRejected.
    """
    for attempt in range(RETRIES + 1):
        try:
            return call()
        except (openai.APIError, httpx2.HTTPError) as error:
            pause = _retry_after_s(error) or pause_s * 2**attempt
            if attempt == RETRIES or not _may_pass_soon(error) or time.monotonic() + pause > until:
                raise translate(error) from error
            log.warning("provider action=retry attempt=%d error=%s", attempt + 1, type(error).__name__)
        time.sleep(pause)
    raise AssertionError("the last try either returns or raises")


def translate(error: Exception) -> ProviderUnavailable | ProviderRejected:
    """Return our error for one of the client's. What the provider wrote stays out: it may repeat the key."""
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return ProviderUnavailable("The model provider did not answer in time. Try again in a minute.")
    if not isinstance(error, openai.APIStatusError):
        return ProviderUnavailable("The connection to the model provider failed. Check OPENAI_BASE_URL.")
    status = error.status_code
    reason = f"{status} {error.code}" if error.code else str(status)
    if status in CONFIGURATION_STATUSES or error.code == "insufficient_quota":
        return ProviderUnavailable(
            f"The model provider turned this sidecar away ({reason}). "
            "Check OPENAI_API_KEY and its budget, OPENAI_BASE_URL and the model's name.",
            retry_after_s=300,
        )
    if status in PASSING_STATUSES or status >= 500:
        wait_s = math.ceil(_retry_after_s(error) or 30)
        return ProviderUnavailable(
            f"The model provider is busy or failing ({reason}). Try again in {wait_s} s.", retry_after_s=wait_s
        )
    return ProviderRejected(f"The model provider refused the request ({reason}).")


def _may_pass_soon(error: Exception) -> bool:
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return False
    if isinstance(error, openai.APIStatusError):
        passing = error.status_code in PASSING_STATUSES or error.status_code >= 500
        return passing and error.code != "insufficient_quota"
    return isinstance(error, openai.APIConnectionError | httpx2.TransportError)


def _retry_after_s(error: Exception) -> float | None:
    """Seconds from Retry-After, as a number or a date (RFC 9110, 10.2.3); at most an hour."""
    if not isinstance(error, openai.APIStatusError):
        return None
    value = error.response.headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return None
    return min(seconds, 3600.0) if seconds > 0 else None
