"""Metadata: what a post says beside its text."""

from rag_ask.indexing.clean import Block
from rag_ask.indexing.metadata_chunk import metadata_blocks
from rag_ask.passage import FIELD, LABEL

CONTENT = [Block(("Shop",), "We open at seven.\nTea is served until five.")]
TERMS = [
    {"taxonomy": "category", "name": "Visit us"},
    {"taxonomy": "post_tag", "name": "tea"},
    {"taxonomy": "category", "name": "Hours"},
]
FIELDS = [{"name": "Phone", "value": "01632\n 960 001"}, {"name": "Fax", "value": " "}]


def test_fields_and_labels_are_blocks_of_their_own():
    assert metadata_blocks(CONTENT, "When we are\nopen.", "Ada Baker", TERMS, FIELDS) == [
        Block((), "When we are open.\nPhone: 01632 960 001", FIELD),
        Block((), "category: Visit us, Hours\npost_tag: tea\nauthor: Ada Baker", LABEL),
    ]


def test_nothing_to_say_is_no_block():
    assert metadata_blocks(CONTENT, "", "", [], []) == []


def test_an_excerpt_that_the_content_says_is_not_said_twice():
    assert metadata_blocks(CONTENT, "We open at seven. Tea is served", "", [], []) == []
    assert metadata_blocks(CONTENT, "We open at eight.", "", [], []) == [Block((), "We open at eight.", FIELD)]


def test_terms_and_an_author_alone_are_no_text():
    assert metadata_blocks([], "", "Ada Baker", TERMS, []) == []
    assert metadata_blocks([], "A photo of the shop.", "Ada Baker", [], []) == [
        Block((), "A photo of the shop.", FIELD),
        Block((), "author: Ada Baker", LABEL),
    ]


def test_what_nobody_sees_is_dropped():
    assert metadata_blocks([], "e\u0301\u200b\x01 x", "", [], []) == [Block((), "é x", FIELD)]


def test_an_excerpt_has_a_line_for_each_sentence():
    (block,) = metadata_blocks(CONTENT, "We moved. Come and see.", "", [], [])
    assert block.text == "We moved.\nCome and see."
