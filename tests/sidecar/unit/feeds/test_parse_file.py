"""Markdown, HTML and text -> title, HTML and address."""

from pathlib import PurePosixPath as Path

import pytest

from rag_ask.feeds.parse_file import parse, published_at, url
from rag_ask.indexing.clean import clean


def text_of(name, text):
    title, html = parse(Path(name), text)
    return title, [(block.heading_path, block.text) for block in clean(html)]


def test_markdown_becomes_blocks_under_its_headings():
    title, blocks = text_of(
        "hours.md",
        "# Opening hours\n\nWe open at **seven**.\n\n## Tea room\n\n| day | from |\n|---|---|\n| Mon | 9 |\n",
    )
    assert title == "Opening hours"
    assert blocks == [
        (("Opening hours",), "We open at seven."),
        (("Opening hours", "Tea room"), "day: Mon; from: 9"),
    ]


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("---\ntitle: Our hours\nlayout: page\n---\n", "Our hours"),
        ("---\r\nlayout: page\r\ntitle: \"Tom: a 'life'\"\r\n---\r\n", "Tom: a 'life'"),
        ("\ufeff---\nTitle:   'One'  \n...\n", "One"),
        ("---\nlayout: page\n---\n", "First"),
        ("---\n---\n", "First"),
        ("+++\ntitle = \"Tom: a 'life'\"\ndraft = false\n[menu]\nmain = 1\n+++\n", "Tom: a 'life'"),
        ("+++\nbroken\n+++\n", "First"),
        ("import Tabs from '@theme/Tabs';\n\n", "First"),
        ("", "First"),
    ],
)
def test_the_title_of_the_front_matter_wins_and_none_of_it_is_text(front, title):
    found, blocks = text_of("a.md", front + "# First\n\nText.")
    assert (found, blocks) == (title, [(("First",), "Text.")])


def test_a_rule_is_no_front_matter():
    title, blocks = text_of("some_old-notes.md", "Text.\n\n---\n\ntitle: no\n")
    assert title == "some old notes"
    assert "title: no" in blocks[0][1]


def test_html_keeps_its_main_part_and_its_title():
    page = "<!doctype html><title>Site | Page &amp; more</title><header>Menu</header><main><p>Text.</p></main><p>Foot"
    assert text_of("page.html", page) == ("Site | Page & more", [((), "Text.")])
    headed = page.replace("<p>Text", "<h1>The page</h1><p>Text")
    assert text_of("page.htm", headed)[0] == "The page"
    assert text_of("page.html", "<p>Only this") == ("page", [((), "Only this")])


def test_text_keeps_its_lines_and_is_not_taken_for_markup():
    title, blocks = text_of("menu_of_the_day.txt", "Soup <b>\r\nBread & butter\r\n\r\n# Cake\r\n")
    assert title == "menu of the day"
    assert blocks == [((), "Soup <b>\nBread & butter\n# Cake")]


def test_an_empty_file_has_a_title_and_no_text():
    for name in ("x.md", "x.html", "x.txt"):
        assert text_of(name, "") == ("x", [])


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a/b.md", "https://x.test/docs/a/b.md"),
        ("a/index.html", "https://x.test/docs/a/"),
        ("README.md", "https://x.test/docs/"),
        ("über uns/50 %.txt", "https://x.test/docs/%C3%BCber%20uns/50%20%25.txt"),
        ("a?b#c.md", "https://x.test/docs/a%3Fb%23c.md"),
        ("bad\udcff.txt", "https://x.test/docs/bad%FF.txt"),
    ],
)
def test_addresses(path, address):
    for base in ("https://x.test/docs", "https://x.test/docs/"):
        assert url(base, Path(path)) == address


def test_an_index_file_without_a_title_has_the_name_of_its_folder():
    assert text_of("opening-hours/index.md", "Text.")[0] == "opening hours"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ('!!! note "Towels"\n\nBring one.', "Towels\nBring one."),
        ("??? tip\n\nBring a towel.", "Bring a towel."),
        ("> [!NOTE]\n> Bring a towel.", "Bring a towel."),
    ],
)
def test_the_marks_of_notes_are_no_text(markdown, text):
    assert "\n".join(block for _, block in text_of("a.md", markdown)[1]) == text


@pytest.mark.parametrize(
    ("name", "text", "day"),
    [
        ("chair.md", "---\ntitle: New chair\ndate: 2024-11-10 09:00:00 +0100\n---\nAda.", "2024-11-10"),
        ("chair.md", '+++\ntitle = "New chair"\ndate = 2024-11-10T09:00:00Z\n+++\nAda.', "2024-11-10"),
        ("2024-11-10-chair.md", "---\ndate: soon\n---\nAda.", "2024-11-10"),
        ("2024-11-31-chair.md", "Ada.", None),
        ("chair.md", "date: 2024-11-10", None),
    ],
)
def test_the_day_of_a_file_is_that_of_its_front_matter_or_name(name, text, day):
    found = published_at(Path(name), text)
    assert (found.date().isoformat() if found else None) == day
