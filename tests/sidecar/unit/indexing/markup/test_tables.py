from __future__ import annotations

import pytest

from rag_ask.indexing.clean import clean


def lines_of(html: str) -> list[str]:
    return [line for block in clean(html) for line in block.text.split("\n")]


def table(*rows: str, caption: str = "") -> str:
    return f"<table>{caption}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


DAYS = "<th>Day</th><th>Morning</th><th>Afternoon</th>"


def test_an_empty_cell_keeps_its_column() -> None:
    html = f"<table><thead><tr>{DAYS}</tr></thead><tr><td>Monday</td><td></td><td>2 to 6</td></tr></table>"
    assert lines_of(html) == ["Day: Monday; Morning: –; Afternoon: 2 to 6"]


@pytest.mark.parametrize("element", ["div", "span"])
def test_a_table_of_roles_is_read_as_one_of_tags(element: str) -> None:
    def row(role: str, *cells: str) -> str:
        inside = "".join(f"<{element} role={role}>{cell}</{element}>" for cell in cells)
        return f"<{element} role=row>{inside}</{element}>"

    rows = row("columnheader", "Day", "Morning", "Afternoon") + row("cell", "Monday", "", "2 to 6")
    html = f"<p>Hours:</p><{element} role=table><{element} role=rowgroup>{rows}</{element}></{element}><p>Come in.</p>"
    assert lines_of(html) == ["Hours:", "Day: Monday; Morning: –; Afternoon: 2 to 6", "Come in."]


def test_a_cell_of_a_role_may_span_columns() -> None:
    html = (
        "<div role=grid><div role=row><div role=columnheader>Day</div><div role=columnheader>Hours</div></div>"
        "<div role=row><div role=gridcell aria-colspan=2>Holiday</div></div>"
        "<div role=row><div role=gridcell>Monday</div><div role=gridcell>9 to 5</div></div></div>"
    )
    assert lines_of(html) == ["Holiday; Day: Monday; Hours: 9 to 5"]


def test_a_cell_over_several_columns_has_the_headers_of_all() -> None:
    group = "<th></th><th colspan=2>Summer</th><th>Winter</th>"
    html = table(group, f"{DAYS}<th>All day</th>", "<td>Monday</td><td colspan=2>9 to 6</td><td>closed</td>")
    assert lines_of(html) == ["Day: Monday; Summer, Morning, Afternoon: 9 to 6; Winter, All day: closed"]


def test_a_cell_over_several_rows_is_said_in_each() -> None:
    head = "<th>Line</th><th>Stop</th><th>Time</th>"
    html = table(head, "<td rowspan=2>Red</td><td>Harbour</td><td>7:00</td>", "<td>Market</td><td>7:10</td>")
    assert lines_of(html) == ["Line: Red; Stop: Harbour; Time: 7:00", "Line: Red; Stop: Market; Time: 7:10"]


def test_a_long_cell_over_several_rows_is_said_once() -> None:
    html = table("<th>A</th><th>B</th>", f"<td>1</td><td rowspan=2>{'word ' * 30}</td>", "<td>2</td>")
    assert lines_of(html) == [f"A: 1; B: {('word ' * 30).strip()}", "A: 2"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("<td colspan=2>Winter</td>", "<td colspan=2>Summer</td>"),
        ("<td><strong>Winter</strong></td><td></td>", "<td><b>Summer</b></td><td></td>"),
    ],
)
def test_a_row_that_names_the_rows_below_it_goes_with_them(first: str, second: str) -> None:
    html = table(first, "<td>Monday</td><td>9 to 5</td>", second, "<td>Monday</td><td>8 to 6</td>")
    assert lines_of(html) == ["Winter; Monday: 9 to 5", "Summer; Monday: 8 to 6"]


def test_a_row_without_rows_below_it_stays() -> None:
    assert lines_of(table("<td colspan=2>Winter</td>", "<td colspan=2>Summer</td>", "<td>Monday</td><td>8</td>")) == [
        "Winter",
        "Summer; Monday: 8",
    ]


@pytest.mark.parametrize(
    "head",
    ["<td><b>Room</b></td><td><strong>Price</strong></td>", "<th scope=col>Room:</th><th>Price</th>"],
)
def test_bold_cells_are_headers(head: str) -> None:
    assert lines_of(table(head, "<td>Single</td><td>80 €</td>")) == ["Room: Single; Price: 80 €"]


def test_an_empty_corner_tells_the_headers() -> None:
    html = table("<td></td><td>Basic</td><td>Pro</td>", "<td>Users</td><td>1</td><td><img alt=unlimited></td>")
    assert lines_of(html) == ["Users; Basic: 1; Pro: unlimited"]


def test_a_table_without_headers_reads_as_names_and_values() -> None:
    html = table("<td>Saturday</td><td>9 to 12</td>", "<th>Sunday:</th><td>closed</td>", "<td>Monday</td><td></td>")
    assert lines_of(html) == ["Saturday: 9 to 12", "Sunday: closed", "Monday: –"]


def test_a_list_in_a_cell_keeps_its_items_apart() -> None:
    html = table("<th>Plan</th><th>Has</th>", "<td>A</td><td><ul><li>Bread</li><li>Tea</li></ul></td>")
    assert lines_of(html) == ["Plan: A; Has: Bread, Tea"]


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell() -> None:
    html = table("<td><p>Left one.</p><p>Left two.</p></td><td>Right.</td>")
    assert lines_of(html) == ["Left one.", "Left two.", "Right."]
    assert lines_of('<table role="presentation"><tr><td>Left.</td><td>Right.</td></tr></table>') == ["Left.", "Right."]


def test_terms_and_meanings_are_lines() -> None:
    html = "<dl><dt>Tea</dt><dd>3 €</dd><dd>large 4 €</dd><div><dt>Coffee</dt><dt>Cocoa</dt><dd>5 €</dd></div></dl>"
    assert lines_of(html) == ["Tea: 3 €", "Tea: large 4 €", "Coffee, Cocoa: 5 €"]


@pytest.mark.parametrize(
    "item",
    [
        "<strong>Saturday</strong><span>9 to 12</span>",
        "<span>Saturday:</span> <span>9 to 12</span>",
        "<div>Saturday</div><div>9 to 12</div>",
    ],
)
def test_a_list_of_two_columns_reads_as_names_and_values(item: str) -> None:
    assert lines_of(f"<ul><li>{item}</li></ul>") == ["• Saturday: 9 to 12"]


def test_links_and_times_right_behind_each_other_do_not_glue() -> None:
    assert lines_of("<p><a href=/a>Readability</a><time>March 1</time></p>") == ["Readability March 1"]
    assert lines_of("<p><a href=/a>Book</a><a href=/b>Call</a></p>") == ["Book Call"]
    assert lines_of("<p>un<a href=/a>believ</a>able</p>") == ["unbelievable"]


def test_columns_of_names_and_prices_do_not_glue() -> None:
    html = '<div><span class="title">Soup</span><span class="dots"></span><span class="price">5 €</span></div>'
    assert lines_of(html) == ["Soup 5 €"]
    assert lines_of('<div><span class="c">S</span><span class="c">o</span>up</div>') == ["Soup"]
