from __future__ import annotations

import pytest

from rag_ask.indexing.markup.nesting import MAX_DEPTH, limit_nesting


@pytest.mark.parametrize(
    "html",
    [
        "<div class='x'><p>one<p>two</div>",
        "<!-- <b> --><script>'<b>'</script><textarea><b></textarea>",
        '<p title="a > b <b>">text</p>',
        "<svg><path d='M0'/></svg><br/><img src='data:image/png;base64," + "A" * 9000 + "=='>",
        "a < b",
    ],
)
def test_usual_markup_stays(html: str) -> None:
    assert limit_nesting(html) == html


def test_formatting_becomes_plain() -> None:
    assert limit_nesting("<b class=x>a</b><S>b</S>") == "<x-strong class=x>a</x-strong><del>b</del>"


def test_what_lies_too_deep_is_flattened_with_its_end() -> None:
    limited = limit_nesting("<div>" * 300 + "x" + "</div>" * 300 + "<p>y</p>")
    assert limited.count("<div>") == limited.count("</div>") == MAX_DEPTH
    assert limited.endswith("</div><p>y</p>")


def test_items_that_close_each_other_are_not_deep() -> None:
    html = "<ul>" + "<li>x<p>y" * 100 + "</ul><table>" + "<tr><td>1<td>2" * 1000 + "</table>" + "<p>z" * 1000
    assert limit_nesting(html) == html


def test_a_tag_of_thousands_of_attributes_loses_them() -> None:
    html = "<p " + " ".join(f"a{n}=1" for n in range(5000)) + ">x</p>"
    assert limit_nesting(html) == "<p>x</p>"
