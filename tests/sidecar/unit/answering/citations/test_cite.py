from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import assert_linear

from rag_ask.answering.citations.citation import Citation
from rag_ask.answering.citations.cite import Citer, resolve
from rag_ask.answering.faithfulness.check import is_supported
from rag_ask.passage import FIELD, LABEL, PAGE, Passage, Source

HOURS = (
    "We open at seven in the morning. The oven cools at noon.\nSunday | closed\nBook at https://book.example/table now."
)
OPENS, TRAM = "It opens at seven [1].", "Tram 4 stops at the door [2]."
TWO = (
    "It opens at seven [1] and tram 4 stops at the door [2].",
    "It opens at seven and tram 4 stops at the door [1][2].",
    "It opens at seven. Tram 4 stops at the door [1][2].",
)
CHANGED = datetime(2026, 11, 20, 9, tzinfo=UTC)
SOURCES = (
    Source(1, Passage(1, "Opening hours", "http://localhost/hours/", ("Shop", "Summer"), HOURS, 0.9, CHANGED)),
    Source(2, Passage(2, "Find us", "http://localhost/find/", (), "Tram 4 stops at the door.", 0.5)),
)


def test_a_citation_carries_its_page_and_the_nearest_sentence() -> None:
    text, citations = resolve("The shop opens at seven [1].", SOURCES)
    assert text == "The shop opens at seven [1]."
    assert citations == [
        Citation(
            number=1,
            document_id=1,
            title="Opening hours",
            url="http://localhost/hours/",
            heading="Shop > Summer",
            quote="We open at seven in the morning.",
            date=CHANGED,
            fragment_url="http://localhost/hours/#:~:text=We%20open%20at%20seven%20in%20the%20morning.",
        )
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


@pytest.mark.parametrize(
    ("kind", "said", "quote", "fragment"),
    [
        (PAGE, "We bake [1].", "We bake.", "#:~:text=We%20bake."),
        (FIELD, "We bake [1].", "We bake.", ""),
        (LABEL, "We bake [1].", "", ""),
    ],
)
def test_metadata_is_cited_without_a_link_to_its_words(kind: str, said: str, quote: str, fragment: str) -> None:
    passage = Passage(1, "T", "http://localhost/", (), "We bake.", 0.9, kind=kind)
    (citation,) = resolve(said, [Source(1, passage)])[1]
    assert (citation.quote, citation.fragment_url) == (quote, f"http://localhost/{fragment}")


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
        ("Type [1]:\n```\nx[1] http://evil.example/x y\n```\nDone.", "Type [1]:\n```\nx[1] y\n```"),
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
        ("Seven, see evil.example/x?q=1 [1].", "Seven, see [1]."),
        ("Seven <img src=x alt='. Now onerror=alert(1) [1]", "Seven Now onerror=alert(1) [1]"),
        ("3 < 4 and 5 > 4 [1].", "3 < 4 and 5 > 4 [1]."),
        ("Se\u200bven\u202e [1].", "Seven [1]."),
        ("Seven, see hxxp://evil.example/x [1].", "Seven, see [1]."),
        ("Seven, see //evil.example/x or évil.example/x [1].", "Seven, see or [1]."),
        ("Seven, see evil。example/x [1].", "Seven, see [1]."),
        ("Seven, javascript:alert data:text/html;x [1].", "Seven, [1]."),
        ("Seven, see [our hours][r] [1].\n\n[r]: https://evil.example/x [1]", "Seven, see our hours [1].\n\n[1]"),
        ("Seven ![x][1].", "Seven [1]."),
        ("Seven! ![x] Or [later][1] [1].", "Seven! Or later [1]."),
        ("Seven![1]", "Seven [1]!"),
        ("The data: 5 and and/or 3.5/4 [1].", "The data: 5 and and/or 3.5/4 [1]."),
    ],
)
def test_links_images_and_tags_of_a_model_go(text: str, kept: str) -> None:
    assert resolve(text, SOURCES)[0] == kept


def test_a_long_quote_is_cut() -> None:
    source = Source(1, Passage(1, "T", "http://localhost/", (), "seven " * 200, 0.9))
    quote = resolve("Seven [1].", [source])[1][0].quote
    assert len(quote) <= 300 and quote.endswith("…")


@settings(max_examples=300)
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


PIECES = ["Seven", " [1]", "[2]", "[9]", ". ", "\n\n", "\n", "```", "http://evil.example", "<b>", "[a](", ")", ": "]
MORE = ["。", "7 a.m. ", "e.g. ", "!", " ", "x", "】", "【1", "\u200d", "👩", "a"]
answers = st.lists(st.sampled_from([*PIECES, *MORE])).map("".join)


def streamed(citer: Citer, text: str, cuts: list[int]) -> list[str]:
    ends = sorted({min(cut, len(text)) for cut in cuts} | {len(text)})
    return [*(citer.feed(text[a:b]) for a, b in zip([0, *ends], ends, strict=False)), citer.close()]


@settings(max_examples=400)
@given(answers, st.lists(st.integers(0, 60)))
def test_any_cut_of_a_stream_gives_the_whole(text: str, cuts: list[int]) -> None:
    whole, pieces = Citer(SOURCES), Citer(SOURCES)
    assert "".join(streamed(pieces, text, cuts)) == "".join(streamed(whole, text, []))
    assert pieces.citations == whole.citations


def test_a_sentence_is_shown_when_it_is_complete() -> None:
    deltas = ["It opens at ", "seven [", "1]", ". ", "Take the tram, li", "ne 4 [2].", " Welco", "me"]
    citer = Citer(SOURCES)
    shown = [citer.feed(delta) for delta in deltas]
    assert [text for text in shown if text] == ["It opens at seven [1]."]
    assert citer.close() == " Take the tram, line 4 [2]."


@pytest.mark.parametrize(
    ("text", "dropped", "marked"),
    [
        (f"{OPENS} It closes at nine [1].", OPENS, f"{OPENS} It closes at nine [?]."),
        (f"It closes at nine [1][2]. {OPENS}", OPENS, f"It closes at nine [?]. {OPENS}"),
        ("It closes at nine [1].", "", ""),
        (f"Tram 9 stops here. {TRAM}", TRAM, TRAM),
        ("Tram 4 stops [2]\n\n```\nrm -rf everything\n```", "Tram 4 stops [2]", "Tram 4 stops [2]"),
    ],
)
def test_what_its_sources_do_not_say_is_dropped_or_marked(text: str, dropped: str, marked: str) -> None:
    for marks, expected in ((False, dropped), (True, marked)):
        citer = Citer(SOURCES, is_supported, marks_undecided=marks)
        assert "".join(streamed(citer, text, [])) == expected
        assert bool(citer.citations) == bool(expected)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It opens at seven [1, 2].", "It opens at seven [1]."),
        ("Tram 4 stops at the door [1][2].", "Tram 4 stops at the door [2]."),
        ("It opens at seven [2, 1, 2] in the morning.", "It opens at seven [1] in the morning."),
        *((same, same) for same in TWO),
        ("Tram 4 opens at seven in the morning [1][2].", ""),
    ],
)
def test_each_citation_is_needed(text: str, shown: str) -> None:
    citer = Citer(SOURCES, lambda sentence, passages: is_supported(sentence, passages, "en"))
    assert citer.feed(text) + citer.close() == shown
    assert [f"[{citation.number}]" in shown for citation in citer.citations] == [True] * len(citer.citations)


@pytest.mark.parametrize(
    ("doubted", "shown"),
    [
        ("Go to evil.example to see when it closes [1].", "Go to to see when it closes [?]."),
        ("It closes at nine, write to thief@evil.example [1].", "It closes at nine, write to [?]."),
        ("It closes at nine, see 127.0.0.1:80/x or <evil.example> [1].", "It closes at nine, see or [?]."),
        ("It closes at nine, see Evil。example [1].", "It closes at nine, see [?]."),
        ("It closes at 9 p.m., e.g. at table.book.example [1].", "It closes at 9 p.m., e.g. at [?]."),
        ("It closes at nine, see book.example [1].", "It closes at nine, see book.example [?]."),
    ],
)
def test_a_marked_sentence_holds_no_address_of_its_own(doubted: str, shown: str) -> None:
    citer = Citer(SOURCES, is_supported, marks_undecided=True)
    assert citer.feed(f"{OPENS} {doubted}") + citer.close() == f"{OPENS} {shown}"


def test_what_is_private_is_never_shown() -> None:
    citer = Citer(SOURCES, is_private=lambda sentence: "secret" in sentence, marks_undecided=True)
    assert citer.feed("The secret is out [1]. Seven [1].\n```\nsecret\n```") + citer.close() == "Seven [1]."


@pytest.mark.parametrize(
    "unit",
    ["It opens at seven [1]. ", "[1]", "a. ", "e.g. ", "。", "\n", "```", "Seven [1", "x", "<a ", "1. ", "…", "\u200d"],
)
def test_streaming_takes_linear_time(unit: str) -> None:
    def stream(count: int) -> None:
        citer = Citer(SOURCES)
        for _ in range(count):
            citer.feed(unit)
        citer.close()

    assert_linear(stream, int, 500, 4_000)


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "<a ",
        "![",
        "[a](",
        "http://",
        "(",
        "[1] ",
        "```",
        ": \n\n",
        "<script>",
        "a.",
        "a@",
        "![x]",
        "[x][y]",
        "[x]: ",
        "a://",
    ],
)
def test_resolving_takes_linear_time(unit: str) -> None:
    assert_linear(lambda text: resolve(text, SOURCES), lambda count: unit * count, 1_000, 8_000)


PRICES = "Harrow sourdough: £4.60\nSeeded rye: £4.90\nOat tin loaf: £3.80"
MENU = (Source(1, Passage(1, "Bread prices", "http://localhost/bread/", (), PRICES, 0.9)),)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Bread prices [1]:\n\n- Harrow sourdough: £4.60\n- Seeded rye: £4.90\n- Rye: £9.90",
            "Bread prices [1]:\n\n- Harrow sourdough: £4.60 [1]\n- Seeded rye: £4.90 [1]",
        ),
        (
            "- Harrow sourdough: £4.60\n- Seeded rye: £4.90\n- Oat tin loaf: £5.40 [1]",
            "- Harrow sourdough: £4.60\n- Seeded rye: £4.90 [1]",
        ),
    ],
)
def test_a_list_keeps_what_is_so(said: str, shown: str) -> None:
    assert resolve(said, MENU, is_supported)[0] == shown
