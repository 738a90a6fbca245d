"""About: what a post says beside its text."""

from rag_ask.indexing import metadata_chunk as about_module
from rag_ask.indexing.clean import Block, clean
from rag_ask.text.aside import BESIDE, LABEL, lines


def about(*said):
    """The block with its signs taken off."""
    return [
        Block(block.heading_path, "\n".join(line.text for line in lines(block.text)))
        for block in about_module.about(*said)
    ]


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


def test_each_line_tells_that_it_is_not_on_the_page():
    fields = [{"name": "Phone", "value": "01632 960 001"}]
    (block,) = about_module.about(CONTENT, "We moved. Come and see.", "Ada Baker", TERMS[:1], fields)
    assert [line[0] for line in block.text.split("\n")] == [BESIDE, BESIDE, BESIDE, LABEL, LABEL]
    assert [line.is_label for line in lines(block.text)] == [False, False, False, True, True]
    assert not any(line.is_on_page for line in lines(block.text))


def test_no_post_can_write_the_signs():
    (block,) = clean(f"<p>{BESIDE}We open.</p><p>{LABEL}author: Ada</p>")
    assert block.text == "We open.\nauthor: Ada"
    assert all(line.is_on_page for line in lines(block.text))
