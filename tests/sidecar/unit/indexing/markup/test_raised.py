from __future__ import annotations

import pytest

from rag_ask.indexing.clean import clean


def text_of(html: str) -> str:
    return "\n".join(block.text for block in clean(html))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('in 1842<sup data-fn="a1" class="fn"><a href="#a1" id="a1-link">1</a></sup> and', "in 1842 and"),
        ('in 1842<a href="#fn1"><sup>[1]</sup></a> and', "in 1842 and"),
        ('in 1842<sup role="doc-noteref">*</sup> and', "in 1842 and"),
        ('Minutes. <a href="#a1-link">↩︎</a>', "Minutes."),
        ('in 1842<a href="#fn1">1</a> and <a href="#x">2</a> (<a href="#y">3</a>)', "in 1842 and 2 (3)"),
        ('in 1842<span id="n1"></span><span class="note"><a href="#n">1</a></span>.', "in 1842."),
        ('in 1842<sup><a href="#n">1</a></sup><span role="tooltip">Board minutes</span>', "in 1842 Board minutes"),
        ("10<sup>1,2</sup> items", "10¹,² items"),
        ("CHF 4.<sup>50</sup>", "CHF 4.50"),
        ("$19<sup>99</sup> a month", "$19.99 a month"),
        ("<b>19</b><sup>99</sup> €", "19.99 €"),
        ("12 m<sup>2</sup>", "12 m²"),
        ("10<sup>6</sup> or 10<sup>-3</sup>", "10⁶ or 10⁻³"),
        ("1<sup>st</sup> floor, 3<sup>e</sup> étage", "1st floor, 3e étage"),
        ('<a href="/floors">2<sup>nd</sup></a> floor', "2nd floor"),
        ("Acme<sup>TM</sup>", "Acme™"),
        ("H<sub>2</sub>O", "H2O"),
    ],
)
def test_raised_signs_do_not_change_numbers(html: str, text: str) -> None:
    assert text_of(f"<p>{html}</p>") == text


def test_a_sale_price_is_the_price_of_now() -> None:
    html = (
        '<p class="price">Tent: <del aria-hidden="true"><span><bdi>$680</bdi></span></del> '
        '<span class="screen-reader-text">Original price was: $680.</span><ins aria-hidden="true"><bdi>$550</bdi></ins>'
        '<span class="screen-reader-text">Current price is: $550.</span></p>'
    )
    assert text_of(html) == "Tent: $550"


def test_both_ends_of_a_range_of_prices_are_read() -> None:
    html = (
        '<p class="price">Tent: <span aria-hidden="true"><bdi>$20</bdi></span> <span aria-hidden="true">&ndash;</span> '
        '<span aria-hidden="true"><bdi>$30</bdi></span>'
        '<span class="screen-reader-text">Price range: $20 through $30</span></p>'
    )
    assert text_of(html) == "Tent: $20 – $30"


def test_a_price_in_parts_is_read_as_it_is_seen() -> None:
    html = '<p><span aria-hidden="true">$19<sup>99</sup></span><span class="sr-only">19 dollars 99</span></p>'
    assert text_of(html) == "$19.99"


def test_the_text_of_a_form_is_read_and_its_fields_are_not() -> None:
    html = (
        "<form><p>Entry costs 5 €.</p><p><label>Name <input></label></p><p>Your mail<br><input type=email></p>"
        "<select><option>Adult</option></select><button>Send</button></form>"
    )
    assert text_of(html) == "Entry costs 5 €."
