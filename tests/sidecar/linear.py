"""Linear time as a property of the code: the CPU time of two sizes in one run, as a ratio."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

REPEATS = 3


def assert_linear(function: Callable[[T], object], make: Callable[[int], T], small: int, large: int) -> None:
    """Raise AssertionError when the work of `function` grows much faster than the size of what `make` returns.

    The bound lies in the middle: eight times as much may take 23 times as long; quadratic work takes 64 times.
    CPU time of this thread, least of three: neither another process nor a slow machine changes the ratio.
    """
    seconds = [_cpu_seconds(function, make(size)) for size in (small, large)]
    ratio, bound = seconds[1] / seconds[0], (large / small) ** 1.5
    assert ratio < bound, f"{large / small:.0f} times as much took {ratio:.1f} times as long, more than {bound:.1f}"


def _cpu_seconds(function: Callable[[T], object], given: T) -> float:
    return min(timeit.repeat(lambda: function(given), timer=time.thread_time, repeat=REPEATS, number=1))
