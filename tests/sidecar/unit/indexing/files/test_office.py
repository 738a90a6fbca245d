"""Word and Excel files become the text that a person reads in them; what harms is refused."""

import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from office import sheet, word
from openpyxl import Workbook
from openpyxl.styles import Font

from rag_ask.errors import FileUnreadable
from rag_ask.indexing.clean import clean
from rag_ask.indexing.files import archive, sheets
from rag_ask.indexing.files.extract import extract


def blocks(kind, body):
    return [(block.heading_path, block.text.split("\n")) for block in clean(extract(kind, body).html)]


def lines(kind, body):
    return [line for _, text in blocks(kind, body) for line in text]


def code(kind, body):
    with pytest.raises(FileUnreadable) as stopped:
        extract(kind, body)
    return stopped.value.code


def rules(made):
    made.add_heading("Quiet", 1)
    made.add_paragraph("Quiet hours are from ten to seven.")
    made.add_paragraph("No shoes in the hall", style="List Bullet")
    table = made.add_table(rows=3, cols=3)
    for row, values in enumerate((("Room", "Beds", "Price"), ("Alpine", "2", "80"), ("Garden", "3", "95"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value


def test_a_word_file_keeps_its_headings_lists_and_tables():
    body = word(rules, title="House rules")
    assert extract("docx", body).title == "House rules"
    assert blocks("docx", body) == [
        (
            ("Quiet",),
            [
                "Quiet hours are from ten to seven.",
                "• No shoes in the hall",
                "Room: Alpine; Beds: 2; Price: 80",
                "Room: Garden; Beds: 3; Price: 95",
            ],
        )
    ]


def test_what_was_deleted_from_a_word_file_is_no_text():
    def fill(made):
        paragraph = made.add_paragraph("The fee is ")
        paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>40</w:delText></w:r></w:del>"))
        paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>45</w:t></w:r></w:ins>"))

    assert lines("docx", word(fill)) == ["The fee is 45"]


def test_a_sheet_is_a_line_a_row_as_it_is_shown():
    body = sheet(
        ("Prices of the bakery",),
        (),
        ("Product", "Price", "Tax", "From"),
        ("Rye bread", 4.5, 0.026, datetime.date(2026, 1, 5)),
        ("Roll", 1, 0.026, datetime.date(2026, 2, 5)),
        formats={"B4": '"CHF" 0.00', "B5": "0.00 [$€-407]", "C4": "0.0%", "C5": "0.0%"},
    )
    assert blocks("xlsx", body) == [
        (
            ("Prices",),
            [
                "Prices of the bakery",
                "Product: Rye bread; Price: CHF 4.50; Tax: 2.6 %; From: 2026-01-05",
                "Product: Roll; Price: 1.00 €; Tax: 2.6 %; From: 2026-02-05",
            ],
        )
    ]


def test_a_merged_cell_speaks_for_each_of_its_rows_and_columns():
    made = Workbook()
    page = made.active
    for row in (
        ("Rates", None, None, None),
        ("Room", "Beds", "Summer", None),
        (None, None, "Week", "Weekend"),
        ("Alpine", 1, 60, 70),
        (None, 2, 80, 95),
    ):
        page.append(row)
    for merged in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5"):
        page.merge_cells(merged)
    for row in page["A2:D3"]:
        for cell in row:
            cell.font = Font(bold=True)
    file = BytesIO()
    made.save(file)
    assert lines("xlsx", file.getvalue()) == [
        "Rates",
        "Room: Alpine; Beds: 1; Summer, Week: 60; Summer, Weekend: 70",
        "Room: Alpine; Beds: 2; Summer, Week: 80; Summer, Weekend: 95",
    ]


def test_hidden_sheets_and_failed_formulas_are_not_read():
    made = Workbook()
    made.active.append(["Hours", "#REF!"])
    made.active.append(["Gym", "9 to 12"])
    hidden = made.create_sheet("Wages")
    hidden.append(["Ada", 5000])
    hidden.sheet_state = "hidden"
    file = BytesIO()
    made.save(file)
    assert lines("xlsx", file.getvalue()) == ["Hours", "Gym: 9 to 12"]


def test_a_sheet_that_announces_a_million_rows_is_read_to_its_end():
    made = Workbook()
    made.active.append(["Gym", "9 to 12"])
    made.active["A1048576"] = "last"
    file = BytesIO()
    made.save(file)
    assert lines("xlsx", file.getvalue()) == ["Gym: 9 to 12"]


def zipped(**members):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(f"{name}.xml", content)
    return file.getvalue()


def test_what_unpacks_to_too_much_is_never_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MAX_XML_BYTES", 1_000_000)
    bomb = zipped(document=b"0" * 1_000_001)
    assert len(bomb) < 10_000
    assert (code("docx", bomb), code("xlsx", bomb)) == ("too_complex", "too_complex")


def test_what_is_broken_or_too_long_is_named(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    assert code("xlsx", sheet(("a", 1), ("b", 2), ("c", 3))) == "file_too_long"
    for kind in ("docx", "xlsx"):
        assert code(kind, b"PK\x03\x04 and no more") == "file_broken"
        assert code(kind, zipped(other="<a/>")) == "file_broken"
