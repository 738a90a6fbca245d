"""Schedule: repeat a run with jitter, and back off while it fails."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import click

from rag_ask import backoff
from rag_ask.errors import RagAskError

UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
FIRST_BACKOFF_S = 60.0


class Duration(click.ParamType[int]):
    """`90s`, `15m`, `6h` or `1d` -> seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Called by click."""
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", str(value))
        if not found:
            self.fail(f"{value!r} is no duration such as 90s, 15m, 6h or 1d.", param, ctx)
        return int(found[1]) * UNITS_S[found[2]]


def repeat(
    run: Callable[[], None],
    every_s: int,
    report: Callable[[RagAskError], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Run for ever. A failure that may pass is reported and tried again sooner, after 1, 2, 4 ... minutes.

    Raises RagAskError when the very first run fails in a way that a retry does not change.
    """
    failures, has_run = 0, False
    while True:
        try:
            run()
            failures, has_run = 0, True
        except RagAskError as error:
            if not has_run and error.status < 500:
                raise
            failures += 1
            report(error)
        first_s = FIRST_BACKOFF_S if failures else every_s
        # Sites pulled from one machine must not all be asked at the same minute.
        sleep(backoff.delay_s(max(0, failures - 1), first_s, every_s, jitter=0.1))
