"""What the model wrote -> a header for each piece."""

import pytest

from rag_ask.indexing.chunk import Chunk, chunk, with_header
from rag_ask.indexing.clean import Block
from rag_ask.indexing.contextual_headers import MAX_HEADER_CHARACTERS, parse_headers
from rag_ask.passage import embedding_text


def test_a_line_for_each_piece():
    assert parse_headers("[1] Winter hours of the tea house\n[2] -\n[3] `Prices, 2026`\n", 3) == {
        1: "Winter hours of the tea house",
        2: "",
        3: "Prices, 2026",
    }


@pytest.mark.parametrize(
    "line", ["1. Hours", "1) Hours", "**[1]** Hours", "- [1]: Hours", "\u200b[1] Ho\u202eurs", "[1]Hours"]
)
def test_other_ways_to_number(line):
    assert parse_headers(line, 1) == {1: "Hours"}


def test_pieces_that_were_left_out_twice_there_or_of_no_number():
    written = "Here are the headers:\n[2] Second\n[2] Second again\n[7] Nothing\n[0] Nothing"
    assert parse_headers(written, 3) == {2: "Second"}


@pytest.mark.parametrize(
    "written", ["", "I cannot do that.", "[9] of no piece", "2026 was a good year", "[1]\nHours\n[2]"]
)
def test_no_header_at_all(written):
    assert parse_headers(written, 3) == {}


def test_a_long_header_ends_with_a_word():
    header = parse_headers(f"[1] {'word ' * 100}", 1)[1]
    assert len(header) <= MAX_HEADER_CHARACTERS
    assert header.endswith("word")


def test_a_chunk_is_embedded_with_its_header_below_the_headings():
    assert embedding_text("Shop", ["Hours"], "Ten to four.", "In winter") == "Shop > Hours\nIn winter\nTen to four."
    (part,) = chunk("Shop", [Block(("Hours",), "Ten to four.")], lambda texts: [len(text.split()) for text in texts])
    assert with_header(part, "Shop", "") == Chunk(0, ("Hours",), "Ten to four.", part.hash, "")
    assert with_header(part, "Shop", "In winter").hash != part.hash
    assert with_header(with_header(part, "Shop", "In winter"), "Shop", None) == part


@pytest.mark.parametrize("written", ["[1] -", "[1] N/A", "[1] None.", "1. no header", "[1] —"])
def test_none_is_needed(written):
    assert parse_headers(written, 1) == {1: ""}
