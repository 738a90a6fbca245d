from __future__ import annotations

import pytest
from linear import assert_linear

from rag_ask.answering.faithfulness.lines import blocks


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Plans\nLong\n4–10 Days\n$19", ["Plans", "Long, 4–10 Days, $19"]),
        ("One\n£3\nFor one\nTwo\n£5\nFor two", ["One, £3, For one", "Two, £5, For two"]),
        (
            "rooms: - name: Oak price: £80 - name: Elm price: £95",
            ["rooms:", "name: Oak price: £80", "name: Elm price: £95"],
        ),
        ("Soup £6.50 Plaice £14 Tart £5", ["Soup £6.50", "Plaice £14", "Tart £5"]),
        ("We bake. Soup is £6.50, plaice £14, tart £5.", ["We bake. Soup is £6.50, plaice £14, tart £5."]),
        ("Do you bake?\nYes, daily.", ["Do you bake? Yes, daily."]),
        ("We bake.\nBread | £3", ["We bake.", "Bread | £3"]),
    ],
)
def test_cards_and_lists_are_taken_apart(text: str, lines: list[str]) -> None:
    assert [block.line for block in blocks(text)] == lines


def test_a_line_that_announces_others_is_their_lead_in() -> None:
    found = list(blocks("Fees:\n3 months: £40.\n\nBread"))
    assert [(block.lead_in, block.line) for block in found] == [("Fees", "3 months: £40."), ("", "Bread")]
    assert next(block.lead_in for block in blocks("We bake.\nBread | £3") if "|" in block.line) == "We bake."


def test_each_cell_of_a_row_is_said_of_its_first_one() -> None:
    rows = blocks("Room: Oak; Seats: 24; Rate: £80\nRoom: Elm; Seats: 60; Rate: £95\nData; Mini: 4 GB; Maxi: 9 GB")
    assert [block.cells for block in rows] == [
        ("Room: Oak, Seats: 24", "Room: Oak, Rate: £80"),
        ("Room: Elm, Seats: 60", "Room: Elm, Rate: £95"),
        ("Data, Mini: 4 GB", "Data, Maxi: 9 GB"),
    ]
    assert not next(blocks("Mon: 9 to 17; Sat: 10 to 14")).cells


@pytest.mark.parametrize(
    "shape", ["a\n", "a\n1\n", "a?\n", " - a", "£1 ", "1", "1,", "a:\n", "a | 1\n", "a: b; c: d\n", "a: b; "]
)
def test_a_long_text_takes_linear_time(shape: str) -> None:
    assert_linear(lambda text: list(blocks(text)), lambda count: shape * count, 2_000, 16_000)
