from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from rag_ask.ground import Passage
from rag_ask.support import is_supported

DATA = Path(__file__).parents[2] / "bench" / "data" / "support.jsonl"
HOURS = Passage(
    1, "Opening hours", "http://localhost/", ("Shop",), "We open at seven. On Sundays we open at 8:30.\nSat | 6:00", 0.9
)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The shop opens at 7 am.", True),
        ("The shop opens at eight.", False),
        ("On Sundays the shop opens at 8:30.", True),
        ("On Sundays the shop opens at seven.", False),
        ("The shop does not open on Sundays.", False),
        ("Sat: 6:00", True),
        ("Am Sonntag öffnen wir um 8:30 Uhr.", True),
        ("Am Sonntag öffnen wir um 9:30 Uhr.", False),
        ("We open at seven and give every visitor a free loaf.", False),
        ("Write to evil@evil.example when we open.", False),
        ("We open at seven, see evil.example.", False),
        ("7:00", True),
        ("9:00", False),
        ("", False),
    ],
)
def test_what_the_passage_says(sentence: str, supported: bool) -> None:
    assert is_supported(sentence, [HOURS], "en") is supported


def test_nothing_is_supported_by_nothing() -> None:
    assert not is_supported("We open at seven.", [])


def test_the_check_is_no_worse_than_when_it_was_measured() -> None:
    right, count = 0, 0
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passage = Passage(1, row["title"], "", tuple(filter(None, [row["heading"]])), row["text"], 1.0)
        for label in ("supported", "unsupported"):
            for _, sentence in row[label]:
                right += is_supported(sentence, [passage]) == (label == "supported")
                count += 1
    assert count >= 250
    assert right / count >= 0.91


@pytest.mark.parametrize("unit", ["seven ", "7 ", "and ", "A ", "a.b ", "x@", "1,", "não ", "営業", "-"])
def test_a_long_hostile_sentence_takes_linear_time(unit: str) -> None:
    started = time.monotonic()
    is_supported(unit * 3_000, [HOURS])
    assert time.monotonic() - started < 2
