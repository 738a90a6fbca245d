from __future__ import annotations

from rag_ask.providers.circuit_breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def tripped(clock: Clock) -> Breaker:
    breaker = Breaker(failures=3, open_s=30.0, clock=clock)
    for _ in range(3):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_opens_after_failures_in_a_row() -> None:
    clock = Clock()
    breaker = tripped(clock)
    assert not breaker.allows()
    clock.now += 29.9
    assert not breaker.allows()


def test_a_success_starts_the_count_anew() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()


def test_half_open_lets_one_trial_through() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 30
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]


def test_a_good_trial_closes_it() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 30
    assert breaker.allows()
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_a_bad_trial_opens_it_again() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 30
    assert breaker.allows()
    breaker.failed()
    clock.now += 29
    assert not breaker.allows()
    clock.now += 1
    assert breaker.allows()


def test_a_trial_that_nobody_waited_for_does_not_keep_it_open_forever() -> None:
    clock = Clock()
    breaker = tripped(clock)
    clock.now += 30
    assert breaker.allows()
    clock.now += 30
    assert breaker.allows()
