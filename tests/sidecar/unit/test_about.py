"""About: what a post says beside its text."""

from rag_ask.about import about
from rag_ask.clean import Block

CONTENT = [Block(("Shop",), "We open at seven.\nTea is served until five.")]
TERMS = [
    {"taxonomy": "category", "name": "Visit us"},
    {"taxonomy": "post_tag", "name": "tea"},
    {"taxonomy": "category", "name": "Hours"},
]
FIELDS = [{"name": "Phone", "value": "01632\n 960 001"}, {"name": "Fax", "value": " "}]


def test_one_block_with_a_line_for_each_thing():
    (block,) = about(CONTENT, "When we are\nopen.", "Ada Baker", TERMS, FIELDS)
    assert block == Block(
        (),
        "When we are open.\nPhone: 01632 960 001\ncategory: Visit us, Hours\npost_tag: tea\nauthor: Ada Baker",
    )


def test_nothing_to_say_is_no_block():
    assert about(CONTENT, "", "", [], []) == []


def test_an_excerpt_that_the_content_says_is_not_said_twice():
    assert about(CONTENT, "We open at seven. Tea is served", "", [], []) == []
    assert about(CONTENT, "We open at eight.", "", [], []) == [Block((), "We open at eight.")]


def test_terms_and_an_author_alone_are_no_text():
    assert about([], "", "Ada Baker", TERMS, []) == []
    assert about([], "A photo of the shop.", "Ada Baker", [], [])[0].text == "A photo of the shop.\nauthor: Ada Baker"


def test_what_nobody_sees_is_dropped():
    assert about([], "e\u0301\u200b\x01 x", "", [], []) == [Block((), "é x")]
