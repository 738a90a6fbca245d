from __future__ import annotations

import pytest

from rag_ask.backoff import delay_s, retry


def failing(times: int, error: type[Exception] = ConnectionError):
    left = [times]

    def call() -> str:
        if left[0]:
            left[0] -= 1
            raise error(left[0])
        return "done"

    return call


def test_pauses_double_up_to_the_longest() -> None:
    assert [delay_s(attempt, 2, 20) for attempt in (0, 1, 2, 3, 4, 10_000)] == [2, 4, 8, 16, 20, 20]


def test_jitter_stays_within_its_share() -> None:
    pauses = [delay_s(0, 10, jitter=0.5) for _ in range(200)]
    assert 5 <= min(pauses) < max(pauses) <= 15


def test_each_try_waits_as_it_is_told() -> None:
    slept: list[float] = []
    assert retry(failing(2), 3, lambda _error, attempt: attempt + 1.0, slept.append) == "done"
    assert slept == [1.0, 2.0]


def test_the_last_error_is_raised() -> None:
    with pytest.raises(ConnectionError, match="0"):
        retry(failing(3), 3, lambda *_: 0.0)


def test_what_another_try_cannot_change_is_raised_at_once() -> None:
    call = failing(1, ValueError)
    with pytest.raises(ValueError):
        retry(call, 3, lambda error, _: 0.0 if isinstance(error, ConnectionError) else None)
    assert call() == "done"
