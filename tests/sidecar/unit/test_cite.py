from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ask.cite import Citation, resolve
from rag_ask.ground import Passage, Source

HOURS = (
    "We open at seven in the morning. The oven cools at noon.\nSunday | closed\nBook at https://book.example/table now."
)
SOURCES = (
    Source(1, Passage(1, "Opening hours", "http://localhost/hours/", ("Shop", "Summer"), HOURS, 0.9)),
    Source(2, Passage(2, "Find us", "http://localhost/find/", (), "Tram 4 stops at the door.", 0.5)),
)


def test_a_citation_carries_its_page_and_the_nearest_sentence() -> None:
    text, citations = resolve("The shop opens at seven [1].", SOURCES)
    assert text == "The shop opens at seven [1]."
    assert citations == [
        Citation(1, "Opening hours", "http://localhost/hours/", "Shop > Summer", "We open at seven in the morning.")
    ]


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("They are shut on Sundays [1].", "Sunday | closed"),
        ("The ovens are cold from noon on [1].", "The oven cools at noon."),
        ("You take tram 4. It stops outside [2].", "Tram 4 stops at the door."),
        ("Sieben Uhr früh [1].", "We open at seven in the morning."),
    ],
)
def test_the_quote_is_what_the_sentence_says(said: str, quote: str) -> None:
    assert resolve(said, SOURCES)[1][0].quote == quote


def test_citations_come_in_order_of_first_use() -> None:
    text, citations = resolve("Take tram 4 [2]. It opens at seven 【1】. Tram 4 stops there [[2]].", SOURCES)
    assert text == "Take tram 4 [2]. It opens at seven [1]. Tram 4 stops there [2]."
    assert [citation.number for citation in citations] == [2, 1]


@pytest.mark.parametrize(
    "text", ["", "NOT_ON_THIS_SITE", "I think so.", "Yes [3] [0].", "```\nx[1]\n```", "[a](http://x)"]
)
def test_without_a_valid_citation_there_is_no_answer(text: str) -> None:
    assert resolve(text, SOURCES) == ("", [])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Good question! It opens at seven [1]. Have a nice day.", "Good question! It opens at seven [1]."),
        ("It opens at seven. [1] Come early.", "It opens at seven [1]."),
        ("Sure.\n\nIt opens at seven [1].\n\nAnything else?", "It opens at seven [1]."),
        ("We offer:\n\n- Tram [2]\n- Bread [1]\n- Cake", "We offer:\n\n- Tram [2]\n- Bread [1]"),
        ("At 7 a.m. [1] on Mondays.", "At 7 a.m. [1] on Mondays."),
        ("七時に開店します[1]。またどうぞ。", "七時に開店します[1]。"),
        ("Type [1]:\n```\nx[1] http://evil.example\n```\nDone.", "Type [1]:\n```\nx[1] http://evil.example\n```"),
        ("```\nrm\n```\nSeven [1].", "Seven [1]."),
    ],
)
def test_sentences_without_a_source_go(text: str, kept: str) -> None:
    assert resolve(text, SOURCES)[0] == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("See [our hours](https://evil.example/x) [1].", "See our hours [1]."),
        ('See [our hours](https://evil.example/a_(b) "t") [1].', "See our hours [1]."),
        ("Seven [1](https://evil.example).", "Seven [1]."),
        ("Seven ![x](https://evil.example/p.png?q=secret)[1].", "Seven [1]."),
        ("Seven (https://evil.example/x) [1].", "Seven [1]."),
        ("Seven <https://evil.example> at www.evil.example, [1].", "Seven at, [1]."),
        ("Seven <b>sharp</b> <img src=x onerror=alert(1)>[1].", "Seven sharp [1]."),
        ("Seven<script>alert(1)</script> [1].", "Seven [1]."),
        ("Seven <a href='https://evil.example'>here</a> [1].", "Seven here [1]."),
        ("See http://localhost/hours [1].", "See http://localhost/hours [1]."),
        ("Book at https://book.example/table [1].", "Book at https://book.example/table [1]."),
        ("Book at https://book.example/table.evil [1].", "Book at [1]."),
        ("3 < 4 and 5 > 4 [1].", "3 < 4 and 5 > 4 [1]."),
        ("Se\u200bven\u202e [1].", "Seven [1]."),
    ],
)
def test_links_images_and_tags_of_a_model_go(text: str, kept: str) -> None:
    assert resolve(text, SOURCES)[0] == kept


def test_a_long_quote_is_cut() -> None:
    source = Source(1, Passage(1, "T", "http://localhost/", (), "seven " * 200, 0.9))
    quote = resolve("Seven [1].", [source])[1][0].quote
    assert len(quote) <= 300 and quote.endswith("…")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Seven",
                " [1]",
                "[2]",
                "[9]",
                ". ",
                "\n\n",
                "\n",
                "```",
                "http://evil.example",
                "<b>",
                "[a](",
                ")",
                ": ",
                "。",
            ]
        )
    )
)
def test_every_shown_text_has_citations_of_its_markers(parts: list[str]) -> None:
    text, citations = resolve("".join(parts), SOURCES)
    assert bool(text) == bool(citations)
    assert all(f"[{citation.number}]" in text for citation in citations)


@pytest.mark.parametrize("unit", ["[", "<a ", "![", "[a](", "http://", "(", "[1] ", "```", ": \n\n", "<script>"])
def test_resolving_takes_linear_time(unit: str) -> None:
    started = time.monotonic()
    resolve(unit * 2_000, SOURCES)
    assert time.monotonic() - started < 2
