from __future__ import annotations

import pytest

from rag_ask.text.dates import between, in_dates


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("2026-09-30", "en", "30 month9 2026"),
        ("am 20.04. und am 3.5.2026", "de", "am 20 month4  und am 3 month5 2026"),
        ("le 30/09/2026", "fr", "le 30 month9 2026"),
        ("Mo, Mi und Fr von 13 bis 18 Uhr", "de", "day1 , day3  und day5  von 13 bis 18 Uhr"),
        ("closed Wed and Fri by appointment", "en", "closed day3  and day5  by appointment"),
        ("So kommen Sie her", "de", "So kommen Sie her"),
        ("w lutym i w sobotę", "pl", "w month2 i w day6"),
        ("по понедельникам и в январе", "ru", "по day1 и в month1"),
        ("mais un espace", "fr", "mais un espace"),
        ("version 3.5.1 costs 2.50 €", "de", "version 3.5.1 costs 2.50 €"),
    ],
)
def test_days_and_months_have_one_form(text: str, code: str, found: str) -> None:
    assert in_dates(text, code) == found


def test_what_lies_between_is_meant_too() -> None:
    assert list(between(["day6", "to", "day2", "and", "month4", "–", "month6"])) == ["day7", "day1", "month5"]
