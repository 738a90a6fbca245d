"""Circuit breaker: after several failures in a row, skip a provider for a while. Pure but for the clock it is given."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Closed: every call is allowed. Open: one trial call each `open_s` seconds, until one succeeds.

    One a process: what one process learns need not be told to the others. Safe to share between threads.
    """

    def __init__(self, failures: int = 5, open_s: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_failures = failures
        self._open_s = open_s
        self._clock = clock
        self._failures = 0
        self._next_trial_at = 0.0
        self._lock = threading.Lock()

    def allows(self) -> bool:
        """Is a call allowed now? The answer True must be followed by a call, for it may be the one trial."""
        with self._lock:
            if not self.is_open():
                return True
            now = self._clock()
            if now < self._next_trial_at:
                return False
            self._next_trial_at = now + self._open_s
            return True

    def is_open(self) -> bool:
        """Is the provider skipped, apart from trials?"""
        return self._failures >= self._max_failures

    def succeeded(self) -> None:
        """A call came to its end."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """A call found the provider out of order."""
        with self._lock:
            self._failures += 1
            self._next_trial_at = self._clock() + self._open_s
