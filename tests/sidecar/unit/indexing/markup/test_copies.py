from __future__ import annotations

from rag_ask.indexing.clean import Block, clean

HOURS = "<p>Monday: 9 to 12 o'clock</p><p>Tuesday: 9 to 1 o'clock</p>"
LINES = "Monday: 9 to 12 o'clock\nTuesday: 9 to 1 o'clock"


def test_copies_for_phones_and_desktops_are_read_once() -> None:
    html = f'<div class="mobile">{HOURS}</div><div class="desktop">{HOURS}</div><p>Ask the desk.</p>'
    assert clean(html) == [Block((), f"{LINES}\nAsk the desk.")]


def test_copies_with_headings_of_their_own_are_read_once() -> None:
    html = f"<h2>Shop</h2><p>Closed.</p><h2>Hours</h2>{HOURS}"
    assert clean(html + html) == [Block(("Shop",), "Closed."), Block(("Hours",), LINES)]


def test_the_same_under_another_heading_is_said_twice() -> None:
    html = f"<h2>Shop</h2>{HOURS}<h2>Office</h2>{HOURS}"
    assert clean(html) == [Block(("Shop",), LINES), Block(("Office",), LINES)]


def test_short_lines_may_be_said_twice() -> None:
    assert clean("<p>Soup</p><p>5 €</p><p>Cake</p><p>5 €</p>") == [Block((), "Soup\n5 €\nCake\n5 €")]
