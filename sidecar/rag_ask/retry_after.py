"""Retry-After: how long a server asks to be left alone."""

from __future__ import annotations

import email.utils
import time


def seconds(value: str) -> float | None:
    """Seconds from now, from a number or a date (RFC 9110, 10.2.3); None when there is nothing to wait for."""
    try:
        waited = float(value)
    except ValueError:
        try:
            waited = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except ValueError:
            return None
    # "nan" and "inf" are numbers to float().
    return waited if 0 < waited < float("inf") else None
