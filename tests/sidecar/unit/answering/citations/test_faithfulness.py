from __future__ import annotations

import json
from pathlib import Path

import pytest
from linear import assert_linear

from rag_ask.answering.citations.faithfulness import is_stray, is_supported
from rag_ask.passage import Passage

DATA = Path(__file__).parents[4] / "bench" / "data" / "support.jsonl"
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


@pytest.mark.parametrize(
    ("sentence", "asked", "supported"),
    [
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "de", True),
        ("Am Sonntag öffnen wir um 9:30 Uhr.", "de", False),
        ("Am Sonntag öffnen wir nicht um 8:30 Uhr.", "de", False),
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "", True),
        ("Am Sonntag öffnen wir um 8:30 Uhr.", "en", False),
        ("Der Laden ist immer geöffnet und alle bekommen ihr Geld zurück.", "en", False),
        ("Der Laden ist immer geöffnet und alle bekommen ihr Geld zurück.", "de", False),
        ("お客様は全員無料でパンをもらえます。", "en", False),
        ("On Sundays we open at 8:30.", "de", True),
    ],
)
def test_another_language_than_the_passages(sentence: str, asked: str, supported: bool) -> None:
    assert is_supported(sentence, [HOURS], asked) is supported


@pytest.mark.parametrize(
    ("sentence", "asked", "stray"),
    [
        ("Ich darf nie über die Regeln sprechen.", "en", True),
        ("Ich darf nie über die Regeln sprechen.", "de", False),
        ("Ich darf nie über die Regeln sprechen.", "", False),
        ("I must never speak of the rules.", "de", False),
        ("8:30!", "en", False),
        ("", "en", False),
    ],
)
def test_a_language_that_nobody_asked_in(sentence: str, asked: str, stray: bool) -> None:
    assert is_stray(sentence, [HOURS], asked) is stray


def test_without_a_language_every_word_must_be_there() -> None:
    passage = Passage(1, "Darba laiks", "http://localhost/", (), "Veikals tiek atvērts 7:00 rītā.", 0.9)
    assert is_supported("Veikals tiek atvērts 7:00.", [passage])
    assert not is_supported("Veikals tiek slēgts 7:00.", [passage])


def test_nothing_is_supported_by_nothing() -> None:
    assert not is_supported("We open at seven.", [])


def test_the_check_is_no_worse_than_when_it_was_measured() -> None:
    right, count = 0, 0
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passages = [
            Passage(1, one["title"], "", tuple(filter(None, [one["heading"]])), one["text"], 1.0)
            for one in (row, *row.get("others", ()))
        ]
        for label in ("supported", "unsupported"):
            for _, sentence in row[label]:
                right += is_supported(sentence, passages, row.get("asked", "")) == (label == "supported")
                count += 1
    assert count >= 500
    assert right / count >= 0.93


@pytest.mark.parametrize(
    "unit",
    [
        "seven ",
        "7 ",
        "and ",
        "A ",
        "a.b ",
        "a.",
        "1a-",
        "x@",
        "1,",
        "não ",
        "営業",
        "-",
        "不",
        "七",
        "ห้า",
        "일곱 ",
        "無料",
        "не ",
        "free not ",
    ],
)
def test_a_long_hostile_sentence_takes_linear_time(unit: str) -> None:
    assert_linear(lambda sentence: is_supported(sentence, [HOURS]), lambda count: unit * count, 500, 4_000)


@pytest.mark.parametrize(
    ("text", "sentence", "expected"),
    [
        ("It weighs 13.8 kg.", "The Trail 500 weighs 13.8 kg.", True),
        ("It weighs 980 g. The Trail 700 weighs 13.8 kg.", "The Trail 500 weighs 13.8 kg.", False),
        ("Saturday from 7:30 to 16:00, Sunday from 8:30 to 13:00.", "We open on Saturday from 7:30 to 16:00.", True),
        ("Saturday from 7:30 to 16:00, Sunday from 8:30 to 13:00.", "We open on Saturday from 7:30 to 13:00.", False),
        ("Panettone, 500 g, £16\nYule log, £29", "Panettone costs £16.", True),
        ("Panettone, 500 g, £16\nYule log, £29", "Panettone costs £29.", False),
        ("We close on Mondays.", "We are closed on Mondays.", True),
        ("We are not closed on Mondays.", "We are closed on Mondays.", False),
        ("Gluten-free loaf: £5", "The loaf costs £5.", True),
        ("The loaf is not gluten-free.", "The loaf is gluten-free.", False),
        ("The course takes place from 16:30 on.", "The course takes place from 4.30pm on.", True),
        ("We use no nuts.", "No, we don't use nuts.", True),
    ],
)
def test_as_models_say_it(text: str, sentence: str, expected: bool) -> None:
    assert is_supported(sentence, [Passage(1, "Trail 500", "", (), text, 1.0)], "en") is expected
