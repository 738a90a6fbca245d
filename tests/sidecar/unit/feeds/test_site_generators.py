from pathlib import PurePosixPath

import pytest

from rag_ask.feeds.parse_file import parse
from rag_ask.feeds.site_generators import plain_markdown


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{: .number-list}\n1. Sign in.", "\n1. Sign in."),
        ("## Delete your account ## {#delete}", "## Delete your account ##"),
        ("## Notes {.wide #notes}", "## Notes"),
        ("{% include alert.html text='x' %}Call {{ site.phone }} now.", "Call  now."),
        ("{{< youtube abc >}}", ""),
        (":::tip[Save often]\nIt helps.\n:::", "Save often\nIt helps.\n"),
        (":::note\nIt helps.\n:::", "\nIt helps.\n"),
        ("      <h4>Gift?</h4>", "<h4>Gift?</h4>"),
        ("[[_TOC_]]\nBake it.\n[TOC]", "\nBake it.\n"),
        ("    <!-- cards -->", "<!-- cards -->"),
    ],
)
def test_signs_of_generators_are_no_text(written: str, read: str) -> None:
    assert plain_markdown(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "```\n{{ kept }}\n    <p>\n```",
        "~~~\n{% kept %}\n~~~",
        "Write `{{ name }}` there.",
        "    indented code",
        "- item\n\n    its paragraph",
        "A set {1, 2} and {a}.",
        "x < 5",
    ],
)
def test_code_and_text_are_kept(text: str) -> None:
    assert plain_markdown(text) == text


def test_front_matter_of_html_is_no_text() -> None:
    text = "---\ntitle: Find us\nhotels:\n  - price: $350\n---\n<main><p>We are at {{ site.street }} 12.</p></main>"
    assert parse(PurePosixPath("find-us.html"), text) == ("Find us", "<main><p>We are at  12.</p></main>")
