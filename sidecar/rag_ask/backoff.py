"""Retries and their pauses: one loop for all that is tried again inside a process."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def delay_s(attempt: int, first_s: float, longest_s: float = float("inf"), jitter: float = 0.0) -> float:
    """Seconds before the next try: `first_s`, doubled for each attempt (from 0), at most `longest_s`.

    jitter: the share by which it varies randomly, so that many clients do not come back at the same moment.
    """
    pause_s = min(longest_s, first_s * 2.0 ** min(attempt, 30))
    return pause_s * random.uniform(1 - jitter, 1 + jitter)  # noqa: S311


def retry(
    call: Callable[[], T],
    tries: int,
    pause_s: Callable[[Exception, int], float | None],
    sleep: Callable[[float], None] = time.sleep,
) -> T:
    """Return what `call` returns, in at most `tries` tries.

    pause_s: the error and its attempt (from 0) -> seconds before the next try, or None to raise the error at once.
    Raises the last error of `call`.
    """
    for attempt in range(tries - 1):
        try:
            return call()
        except Exception as error:
            pause = pause_s(error, attempt)
            if pause is None:
                raise
        sleep(pause)
    return call()
