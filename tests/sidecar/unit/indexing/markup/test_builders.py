"""Markup as page builders write it, in short."""

from __future__ import annotations

import pytest

from rag_ask.indexing.clean import clean


def lines_of(html: str) -> list[str]:
    return [line for block in clean(html) for line in ("/".join(block.heading_path), *block.text.split("\n")) if line]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (
            "<ul role=tablist><li><a href='#b' role=tab aria-controls=b>Returns</a></li></ul>"
            "<div id=b class=vc_tta-panel>"
            "<div class=vc_tta-panel-heading><h4><a href='#b'>Returns</a></h4></div>"
            "<div class=vc_tta-panel-body style='display:none'><p>You have 30 days.</p></div></div>",
            ["Returns", "You have 30 days."],
        ),
        (
            "<div class=elementor-price-table__price><div class=elementor-price-table__original-price>$39</div>"
            "<span class=elementor-price-table__currency>$</span>"
            "<span class=elementor-price-table__integer-part>29</span>"
            "<div class=elementor-price-table__after-price>"
            "<span class=elementor-price-table__fractional-part>99</span>"
            "</div><span class=elementor-price-table__period>Monthly</span></div>",
            ["$29.99 Monthly"],
        ),
        ("<p>Now <span class=edd_price_old>$20</span> <span class=edd_price>$15</span></p>", ["Now $15"]),
        ("<p><span class=regular-price>$20</span> a ticket</p>", ["$20 a ticket"]),
        ("<p>Only <span style='text-decoration: line-through'>€ 20</span> € 15</p>", ["Only € 15"]),
        ("<ul class=et_pb_pricing><li>One user</li><li class=et_pb_not_available>Support</li></ul>", ["• One user"]),
        (
            "<div class=row><div>Saturday</div><div>9–12</div></div> <div class=row><div>Sunday</div>"
            "<div>closed</div></div>",
            ["Saturday: 9–12", "Sunday: closed"],
        ),
        ("<div class=row><div>Welcome</div><div>to all</div></div>", ["Welcome", "to all"]),
        (
            "<div class=stat><div>120</div><div>members</div></div><div class=stat><div>3</div><div>boats</div></div>",
            ["120", "members", "3", "boats"],
        ),
        (
            "<table><tr><th>Plan<th>Fees<tr><td>Basic<td><table><tr><td>Setup<td>10 €<tr><td>Month"
            "<td>5 €</table></table>",
            ["Plan: Basic; Fees: Setup: 10 €, Month: 5 €"],
        ),
        (
            "<table><tr><th>A<th>B<tr><td>1<td><table><tr><td>x<td><table><tr><td>y<td>z</table></table></table>",
            ["A", "B", "1", "x", "y: z"],
        ),
    ],
    ids=["wpbakery", "elementor", "edd", "only price", "style", "divi", "rows", "one row", "numbers", "nested", "deep"],
)
def test_markup_of_builders_is_read_as_it_looks(html: str, lines: list[str]) -> None:
    assert lines_of(html) == lines
