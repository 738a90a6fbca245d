from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag_ask.answering.extractive.excerpt import MAX_CHARACTERS, MAX_WHOLE_CHARACTERS, Excerpt, excerpt
from rag_ask.passage import Passage, Source
from rag_ask.retrieval.sections import Line, Section


def section(*lines: str | Line, heading: str = "Hours", page_headings: Sequence[str] = ()) -> Section:
    """A section all of which was found, unless a line says otherwise."""
    parts = tuple(Line(line) if isinstance(line, str) else line for line in lines)
    text = "\n".join(line.text for line in parts if line.is_found)
    passage = Passage(1, "Shop", "https://shop.example/", (heading,), text, 1.0)
    return Section(passage, parts, frozenset(page_headings))


def cut(found: Section, *wanted: str) -> Excerpt | None:
    """The excerpt for these words: a line is as good as it has of them, its headings count half."""

    def score(lines: Sequence[str], headings: Sequence[str]) -> float:
        return sum(("\n".join(lines).count(word) > 0) + ("\n".join(headings).count(word) > 0) / 2 for word in wanted)

    return excerpt(Source(1, found.passage), found, score)


def shown(found: Section, *wanted: str) -> list[tuple[str, ...]]:
    made = cut(found, *wanted)
    return [(piece.kind, *piece.lines) for piece in made.pieces] if made else []


def test_a_short_section_is_shown_as_it_stands() -> None:
    found = section("We open at seven.", "• Bread from seven", "• Cakes from nine", "Day: Sunday; Open: 8 to 11")
    assert shown(found, "Cakes") == [
        ("heading", "Hours"),
        ("paragraph", "We open at seven."),
        ("list", "• Bread from seven", "• Cakes from nine"),
        ("table", "Day: Sunday; Open: 8 to 11"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ("Winter; Day: Saturday; Open: 9 to 12", "Winter; Day: Sunday; Open: –"),
        ("Winter; Saturday: 9 to 12", "Winter; Sunday: closed"),
        ("Saturday: 9 to 12", "Sunday: closed", "Public holidays: 10:30 to 12"),
    ],
)
def test_rows_that_belong_together_are_a_table(rows: tuple[str, ...]) -> None:
    found = section("We close early: ask us.", *rows, "Come early: it gets full. Bring a bag.")
    assert shown(found, "12") == [
        ("heading", "Hours"),
        ("paragraph", "We close early: ask us."),
        ("table", *rows),
        ("paragraph", "Come early: it gets full. Bring a bag."),
    ]
    items = ("• Bread: 4", "• Cake: 5")
    assert shown(section(*items), "Cake")[1:] == [("list", *items)]


def test_a_question_is_the_heading_of_its_answer_and_never_one_itself() -> None:
    found = section("What does it cost?", "A year is 120 euros.", "May I bring guests?", "Yes, six a year.", "More?")
    assert shown(found, "cost") == [
        ("heading", "Hours"),
        ("heading", "What does it cost?"),
        ("paragraph", "A year is 120 euros."),
    ]
    assert shown(found, "guests")[2:] == [("paragraph", "Yes, six a year.")]
    assert shown(section("May I bring guests?", "• What does it cost?", "• When do you open?"), "cost") == []
    assert shown(section("It is far. Planning to come?"), "far")[1:] == [("paragraph", "It is far.")]


def test_a_list_of_the_headings_of_its_page_is_no_answer() -> None:
    headings = ("Prices", "Opening hours", "Contents")
    assert shown(section("• Prices", "• Opening hours", page_headings=headings), "Prices") == []
    items = ("• Prices", "• A year is 120 euros", "• Guests pay 5 euros")
    assert shown(section(*items, page_headings=headings), "Prices") == [("heading", "Hours"), ("list", *items)]


@pytest.mark.parametrize("line", ["1.", "(2)", "https://a.example"])
def test_what_says_nothing_is_no_answer(line: str) -> None:
    assert shown(section(line), "brown") == []
    made = cut(section(line, "It turns green within hours."), "brown")
    assert made and made.line == "It turns green within hours."


@pytest.mark.parametrize(
    "line",
    [
        "Originally published at https://other.example/dip/",
        "This article first appeared on https://other.example/dip.",
        "Source: https://other.example/",
        "Ursprünglich veröffentlicht auf https://other.example/",
        "来源：https://other.example/",
    ],
)
def test_where_a_text_was_taken_from_is_shown_to_who_asks_for_it_alone(line: str) -> None:
    found = section("It turns brown within hours.", line)
    assert shown(found, "brown")[1:] == [("paragraph", "It turns brown within hours.")]
    assert ("paragraph", line) in shown(found, line.split("https")[0])
    assert shown(section(line), "brown") == []


@pytest.mark.parametrize(
    "line", ["The proxy of the university is at https://proxy.example:8888", "Zoom: https://zoom.example/j/1"]
)
def test_an_address_may_be_what_was_asked_for(line: str) -> None:
    assert shown(section(line), line[:4])
    assert ("paragraph", line) in shown(section("We meet at seven.", line), "meet")


def test_a_lead_in_comes_with_what_it_announces_and_not_alone() -> None:
    filler = [f"Filler {n} says nothing about it at all, and it goes on like this for a while." for n in range(12)]
    found = section(
        *(Line(text, is_found=False) for text in filler), Line("We have:", is_found=False), "• bread", "• cake"
    )
    assert shown(found, "bread")[1:] == [("paragraph", "We have:"), ("list", "• bread", "• cake")]
    assert shown(section("We open at seven.", "Then come:"), "open")[1:] == [("paragraph", "We open at seven.")]


def test_what_surrounds_the_passage_fills_the_excerpt_in_the_order_of_the_page() -> None:
    around = [
        Line(f"Line {n} of the page tells more of the same, and that is all it does.", is_found=False)
        for n in range(20)
    ]
    pieces = shown(section(*around[:10], "We open at seven.", *around[10:]), "seven")
    assert pieces[1] == ("paragraph", "We open at seven.")
    assert pieces[2] == ("paragraph", around[10].text)
    assert (
        MAX_CHARACTERS / 2 < sum(len(line) for _, *lines in pieces for line in lines) <= MAX_CHARACTERS + len("Hours")
    )


def test_of_a_long_passage_the_part_is_shown_that_has_most_of_the_question() -> None:
    long = "This says nothing of the kind, however long one reads. " * 8
    found = section(long, "We open at seven.", long, "On Sundays we open at nine.", long)
    texts = [lines[0] for kind, *lines in shown(found, "open", "Sundays") if kind == "paragraph"]
    assert texts[0] == "On Sundays we open at nine."


def test_of_a_list_that_is_too_long_the_part_with_the_best_item_is_shown() -> None:
    items = [f"• Item {n} is made of flour, water and a little salt" for n in range(60)]
    [_, (kind, *lines)] = shown(section(*items), "Item 40 ")
    assert (kind, lines[0]) == ("list", items[40])
    assert sum(map(len, lines)) <= MAX_CHARACTERS < MAX_WHOLE_CHARACTERS


def test_subheadings_are_shown_and_bound_what_is_shown() -> None:
    found = section(
        Line("Bread is baked at four.", ("Bread",)),
        Line("It is sour.", ("Bread",)),
        Line("Cakes are sweet.", ("Cakes",)),
    )
    assert shown(found, "baked") == [
        ("heading", "Hours"),
        ("heading", "Bread"),
        ("paragraph", "Bread is baked at four."),
        ("paragraph", "It is sour."),
    ]
