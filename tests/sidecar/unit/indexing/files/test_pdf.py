"""A PDF becomes the text that a person reads in it, page by page."""

import pytest
from office import pdf, rows

from rag_ask.errors import FileUnreadable
from rag_ask.indexing.clean import clean
from rag_ask.indexing.files.extract import extract

WELCOME = (
    "The shop opens at seven on weekdays and at nine on Sundays. Please ring the bell at the back door when nobody "
    "answers at the front. We welcome Anna Baker as the new head of our kitchen."
)


def texts(body):
    return {block.page: block.text for block in clean(extract("pdf", body).html)}


def lines(body):
    return "\n".join(texts(body).values()).split("\n")


def code(body, **limits):
    with pytest.raises(FileUnreadable) as stopped:
        extract("pdf", body, **limits)
    return stopped.value.code


def test_lines_that_the_page_broke_are_whole_sentences():
    assert lines(pdf(WELCOME)) == [WELCOME]


def test_a_word_that_a_hyphen_divides_is_whole():
    assert lines(pdf(rows(["The long Donaudampf-"], ["schifffahrt is whole."]))) == [
        "The long Donaudampfschifffahrt is whole."
    ]


def test_each_page_keeps_its_number_even_after_one_without_text():
    body = pdf(lambda page: page.rect(10, 10, 50, 50), "We bake rye bread every day.", "We mend shoes on Mondays.")
    assert texts(body) == {2: "We bake rye bread every day.", 3: "We mend shoes on Mondays."}
    assert extract("pdf", body).pages == 3


def test_larger_and_bold_lines_are_headings():
    def page(made):
        made.set_font("helvetica", "B", 22)
        made.cell(0, 12, "House rules", new_x="LMARGIN", new_y="NEXT")
        made.set_font("helvetica", "B", 11)
        made.cell(0, 8, "Quiet hours", new_x="LMARGIN", new_y="NEXT")
        made.set_font("helvetica", size=11)
        made.multi_cell(0, 5, "Please be quiet from ten to seven.")

    [block] = clean(extract("pdf", pdf(page)).html)
    assert (block.heading_path, block.text) == (("House rules", "Quiet hours"), "Please be quiet from ten to seven.")


def test_a_table_is_a_line_a_row_with_its_headers():
    assert lines(
        pdf(
            rows(
                ("Bread", "Small", "Large"),
                ("Rye", "3.20", "5.10"),
                ("Spelt with", "3.40", "5.40"),
                ("seeds",),
                ("White", "", "4.60"),
            )
        )
    ) == [
        "Bread: Rye; Small: 3.20; Large: 5.10",
        "Bread: Spelt with seeds; Small: 3.40; Large: 5.40",
        "Bread: White; Small: –; Large: 4.60",
    ]


def test_two_columns_are_names_with_their_values():
    assert lines(pdf(rows(("Soup ............", "4.50"), ("Fish pie .......", "12.00")))) == [
        "Soup: 4.50",
        "Fish pie: 12.00",
    ]


def test_running_text_in_columns_is_read_column_by_column():
    left = ("The first column tells at length about", "bread, which we bake every single day.")
    right = ("The second column tells at length about", "shoes, which we mend on every Monday.")
    body = pdf(rows(*zip(left, right, strict=True), columns=(20, 120)))
    assert lines(body) == [" ".join(left), " ".join(right)]


def test_headers_and_page_numbers_that_pages_repeat_are_read_once():
    def page(number):
        def draw(made):
            made.text(20, 12, "Bakery Baker, price list")
            made.text(20, 60, f"What is on page {number} is unlike the others.")
            made.text(20, 285, f"Page {number} of 3")

        return draw

    assert texts(pdf(*map(page, (1, 2, 3)))) == {
        1: "Bakery Baker, price list\nWhat is on page 1 is unlike the others.",
        2: "What is on page 2 is unlike the others.",
        3: "What is on page 3 is unlike the others.",
    }


def test_the_title_is_the_files_own_unless_a_program_made_it_up():
    assert extract("pdf", pdf(WELCOME, title="Price list")).title == "Price list"
    assert extract("pdf", pdf(WELCOME, title="Microsoft Word - price.docx")).title == ""


def test_what_gives_no_text_is_named():
    picture = pdf(lambda page: page.rect(10, 10, 50, 50, style="F"), lambda page: page.text(190, 290, "2"))
    assert code(picture) == "file_scanned"
    assert code(pdf(WELCOME, password="open sesame")) == "file_encrypted"
    assert code(pdf(WELCOME, WELCOME, WELCOME), max_pages=2) == "file_too_long"
    assert code(b"%PDF-1.7 and no more") == "file_broken"
    assert code(b"<!doctype html><title>Log in</title>") == "file_broken"
