from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linear import assert_linear

from rag_ask.indexing.clean import Block, clean
from rag_ask.text.invisible import strip_invisible


def text_of(html: str) -> str:
    return "\n".join(block.text for block in clean(html))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("  \n <!-- wp:paragraph --> ", ""),
        ("<p>Bread &amp; tea &lt;fresh&gt; &euro;3</p>", "Bread & tea <fresh> €3"),
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("a<section>b</section><article>c</article>d", "a\nb\nc\nd"),
        ("<p>H<sub>2</sub>O, <b>bo</b>ld and <a href='/x'>a link</a></p>", "H2O, bold and a link"),
        ("<ul><li>Rye<li>Oat<ul><li>Thin</ul></ul>", "• Rye\n• Oat\n• Thin"),
        ("<ol start=3><li>Knead<li><p>Bake</p></ol>", "3. Knead\n4. Bake"),
        ("<dl><dt>Opens<dd>Seven</dl>", "Opens: Seven"),
        ("<table><caption>Hours</caption><tr><th>Day<th>Open<tr><td><p>Mon</p><td>7<br>8</table>after",
         "Hours\nDay: Mon; Open: 7 8\nafter"),
        ("<table><tr><td><h2>Left</h2>text<td><p>one</p><p>two</p></table>", "text\none\ntwo"),
        ("<pre>def f():\n    return 1</pre>", "def f():\nreturn 1"),
        ("<blockquote><p>quote > one<br>two</p></blockquote>", "quote > one\ntwo"),
        ("Was <del>£5</del> £4", "Was £4"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>です", "漢字です"),
    ],
)  # fmt: skip
def test_visible_text_keeps_its_lines(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var X = '<p>X</p>';</script>",
        "<style>.X{}</style>",
        "<!-- X -->",
        "<template><p>X</p></template>",
        "<noscript>X</noscript>",
        "<nav><a>X</a></nav>",
        "<div role=navigation>X</div>",
        "<form><label>X</label><input value=X></form>",
        "<button>X</button>",
        "<iframe src=X>X</iframe>",
        "<svg><title>X</title><path d=X /><text>X</text></svg>",
        "<p hidden>X</p>",
        "<p hidden>X<span>X</p>",
        "<i aria-hidden=true>X</i>",
        "<div style='color:red; DISPLAY : none'>X</div>",
        "<b style='visibility:hidden'>X</b>",
        "<a class='skip screen-reader-text'>X</a>",
        "<div class='rag-ask'><form>X</form><p>X</p></div>",
        "<dialog>X</dialog>",
        "<h2 hidden>X</h2>",
        "<img src=X alt=X>",
    ],
)
def test_what_a_visitor_does_not_see_is_left_out(hidden: str) -> None:
    assert text_of(f"<p>before</p>{hidden}<p>after</p>") == "before\nafter"


def test_headings_become_paths() -> None:
    html = (
        "intro<h1>A</h1><h3>B <em>b</em></h3>under b<h2>C<br>c</h2>under c"
        "<div><h2><div>D</div></h2></div><ol><li><h3>E</h3>under e</ol><h2> </h2>more e"
    )
    assert clean(html) == [
        Block((), "intro"),
        Block(("A", "B b"), "under b"),
        Block(("A", "C c"), "under c"),
        Block(("A", "D", "E"), "under e\nmore e"),
    ]


def test_a_heading_with_nothing_under_it_is_text() -> None:
    assert clean("<h2>We open at seven</h2><h2>Closed on Sundays</h2><h3>Always</h3>") == [
        Block((), "We open at seven"),
        Block(("Closed on Sundays",), "Always"),
    ]


def test_a_post_divided_into_pages_keeps_their_numbers() -> None:
    html = "<h2>Walk</h2><p>River.</p><!--nextpage--><p>Hill.</p><p><!--nextpage--></p><h2>End</h2><p>Home.</p>"
    assert clean(html) == [
        Block(("Walk",), "River."),
        Block(("Walk",), "Hill.", page=2),
        Block(("End",), "Home.", page=3),
    ]
    assert clean(" <!--nextpage--><p>River.</p><!-- next page -->") == [Block((), "River.")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("مرحبا <b>بكم</b> في می\u200cخواهم", "مرحبا بكم في می\u200cخواهم"),
        ("こんにちは。<br>今日は開店です。", "こんにちは。\n今日は開店です。"),
        ("Tea 🍵 and 👨\u200d👩\u200d👧", "Tea 🍵 and 👨\u200d👩\u200d👧"),
        ("cafe\u0301", "café"),
        ("se\u200bcret\u202e &#8203;&shy;te\u200dxt&#xE001;\U000e0041", "secret text"),
        ("a\x00b\ud800c", "abc"),
    ],
)
def test_scripts_of_the_world_and_invisible_characters(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><b>unclosed <i>one</p><p>two</div></b>", "unclosed one\ntwo"),
        ("<frameset><p>framed", "framed"),
        ("<plaintext>a<b>c", "a<b>c"),
        ("text<div <div", "text"),
        ("text <!-- never closed", "text"),
        ("a < b and b > a", "a < b and b > a"),
        ("<p title='>'>x</p>", "x"),
    ],
)
def test_broken_markup_keeps_its_text(html: str, text: str) -> None:
    assert text_of(html) == text


@settings(max_examples=150)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from("#*-+_[]()`|\\.>1 \n"), max_size=60))
def test_text_comes_through_word_for_word(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    found = text_of(f"<p>{escaped}</p>")
    expected = text_of(f"<pre>{escaped}</pre>").replace("\n", " ")
    assert found == " ".join(expected.split())
    letters = [c for c in strip_invisible(text) if c.isascii() and not c.isspace()]
    assert [c for c in found if c.isascii() and not c.isspace()][: len(letters)] == letters or not text.isascii()


TAGS = ["<p>", "</p>", "<div>", "<h2>", "</h2>", "<li>", "<ul>", "<table>", "<tr>", "<td>", "<b>"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from([*TAGS, "x", "<!--", "<", ">", "'", '"', "&", " "])))
def test_any_markup_is_survived(pieces: list[str]) -> None:
    assert all(block.text for block in clean("".join(pieces)))


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        (lambda n: "<div>" * n + "deep" + "</div>" * n, 100_000),
        (lambda n: "<b>" * n + "deep", 50_000),
        (lambda n: "<ul><li>" * n + "deep", 5_000),
        (lambda n: "<blockquote>" * n + "deep", 20_000),
        (lambda n: "<table><tr><td>" * n + "deep", 10_000),
        (lambda n: "".join(f"<p><font size={i}>" for i in range(n)) + "deep", 10_000),
        (lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">deep", 50_000),
        (lambda n: "<a <a " * n + ">deep", 50_000),
        (lambda n: "<!--x-->" * n + "deep", 50_000),
        (lambda n: "<table>" + "<tr><td rowspan=9999 colspan=99>x<td>y" * n + "</table>deep", 4_000),
        (lambda n: "<table>" + "<tr><th>x<th>y" * n + "</table>deep", 8_000),
        (lambda n: "<button aria-controls=p>x</button>" * n + "<div id=p hidden>deep</div>", 8_000),
        (lambda n: "<h2>" + "<i aria-controls=p></i>" * n + "x</h2><div id=p hidden>deep</div>", 8_000),
        (lambda n: "<div class=tab-title>x</div><div class=tab-content hidden>" * n + "deep", 4_000),
        (lambda n: "<details><summary>x</summary>" * n + "deep", 8_000),
        (lambda n: "<dl><dt>x</dt><dd>y</dd>" * n + "deep", 8_000),
        (lambda n: "<ul>" + "<li><b>xy</b><i>z</i>" * n + "</ul>deep", 8_000),
        (lambda n: "<p>1<sup>2</sup>" * n + "deep", 8_000),
        (lambda n: f"<div class='{'tab' * n}'>deep</div>", 50_000),
    ],
    ids=["div", "b", "ul", "blockquote", "table", "font", "attributes", "unclosed", "comments", "spans", "header rows",
         "controls", "empty controls", "titles", "details", "terms", "columns", "raised", "class"],
)  # fmt: skip
def test_every_shape_of_markup_takes_linear_time(markup: Callable[[int], str], count: int) -> None:
    assert text_of(markup(count)).endswith("deep")
    assert_linear(clean, markup, count // 8, count)
