"""A run on a schedule: jitter, backoff, and what ends it."""

import click
import pytest

from rag_ask.errors import RagAskError
from rag_ask.feeds.schedule import Duration, repeat


class Enough(Exception):
    pass


def pauses(outcomes, every_s):
    """What is slept between runs that end as given: None, or an error."""
    remaining, slept, reported = list(outcomes), [], []

    def run():
        outcome = remaining.pop(0)
        if outcome:
            raise outcome

    def sleep(seconds):
        slept.append(seconds)
        if not remaining:
            raise Enough

    with pytest.raises(Enough):
        repeat(run, every_s, reported.append, sleep)
    return slept, reported


def test_runs_have_jitter():
    slept, _ = pauses([None] * 20, 3600)
    assert all(3240 <= pause <= 3960 for pause in slept)
    assert len(set(slept)) > 15


def test_failures_back_off_up_to_the_schedule_and_are_reported():
    error = RagAskError("site_unavailable", 503, "Later.")
    slept, reported = pauses([error] * 8 + [None, error], 3600)
    for pause, minutes in zip(slept, [1, 2, 4, 8, 16, 32, 60, 60, 60, 1], strict=True):
        assert 54 * minutes <= pause <= 66 * minutes
    assert len(reported) == 9


def test_a_first_run_that_waiting_cannot_mend_ends_it():
    def run():
        raise RagAskError("site_unknown", 404, "There is no such site.")

    with pytest.raises(RagAskError):
        repeat(run, 60, lambda error: None, lambda seconds: None)


def test_a_refusal_after_a_good_run_may_pass():
    slept, reported = pauses([None, RagAskError("site_forbidden", 403, "No."), None], 600)
    assert (len(slept), len(reported)) == (3, 1)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("6h", 21600), ("1d", 86400)])
def test_durations(text, seconds):
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "0s", "6", "h", "-1h", "1.5h", "1w", "9999999s"])
def test_what_is_no_duration(text):
    with pytest.raises(click.BadParameter):
        Duration().convert(text, None, None)
