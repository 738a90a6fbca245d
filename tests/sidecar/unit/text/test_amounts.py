"""Bounds, periods, durations and halves of the day: what a figure alone does not tell."""

from __future__ import annotations

import pytest

from rag_ask.text.bounds import says_another_bound
from rag_ask.text.clock import with_half_of_day
from rag_ask.text.figures import figures
from rag_ask.text.periods import periods, says_another_period


@pytest.mark.parametrize(
    ("said", "told", "another"),
    [
        ("at least twelve months", "up to twelve months", True),
        ("no more than 12 months", "up to twelve months", False),
        ("mindestens 14 Tage vorher", "maximal 14 Tage vorher", False),
        ("free from 7 days before", "free of charge until 7 days on", True),
        ("open from 9", "open from 9 until 17", False),
        ("automático desde 1974", "hasta 1974 vivió; desde entonces automático", False),
    ],
)
def test_bounds(said: str, told: str, another: bool) -> None:
    assert says_another_bound(said, told) is another


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("£20 a year", "en", {"year"}),
        ("monthly, within 30 days", "en", {"month"}),
        ("60 € al año", "es", {"year"}),
        ("400 рублей в час", "ru", {"hour"}),
        ("60 requests per minute", "en", {"minute"}),
        ("14 Tage", "de", set()),
    ],
)
def test_periods(text: str, code: str, found: set[str]) -> None:
    assert periods(text, code) == found


def test_another_period_needs_two() -> None:
    assert says_another_period("£20 a month", "en", "£20 a year", "en")
    assert not says_another_period("It costs £20", "en", "£20 a year", "en")


@pytest.mark.parametrize(
    ("text", "code", "hour"),
    [
        ("a las 10 de la noche", "es", "22"),
        ("à 7 heures du soir", "fr", "19"),
        ("um 8 Uhr abends", "de", "20"),
        ("午後6時", "ja", "18"),
        ("à 7 heures du matin", "fr", "7"),
    ],
)
def test_the_half_of_the_day(text: str, code: str, hour: str) -> None:
    assert hour in figures(text, code)[0].forms
    assert ("pm" in with_half_of_day(text.casefold(), code)) == (int(hour) > 12)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("60 minutes", "1 hour", True),
        ("12 months", "1 year", True),
        ("2 weeks", "2 months", False),
        ("7", "7 am", True),
    ],
)
def test_durations_are_compared_by_their_length(one: str, other: str, same: bool) -> None:
    assert figures(one, "en")[0].is_same(figures(other, "en")[0]) is same
