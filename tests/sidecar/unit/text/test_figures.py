from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ask.text.figures import figures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from 7:00", ["7"]),
        ("at seven", ["7"]),
        ("7 am", ["7"]),
        ("4 p.m. sharp", ["16 4"]),
        ("8:30 pm", ["20:30 8:30"]),
        ("1,250 g and 1.250 g", ["1250", "1.25 1250"]),
        ("3.20, 3,2 and £3", ["3.2 3:20", "3.2", "3"]),
        ("4.30pm to 8.30 pm", ["16:30 4.3 4:30", "20:30 8.3 8:30"]),
        ("14.30 Uhr", ["14.3 14:30"]),
        ("9h30 à 12 h 30, 9 h", ["9:30", "12:30", "9"]),
        ("2½ minutes and ½ l", ["2.5", "0.5"]),
        ("the X200 in USB-C, IP-67", ["x200", "ip67"]),
        ("write to Ada@Crumb.example.", ["ada@crumb.example"]),
        ("see crumb.example/shop or https://crumb.example", ["crumb.example/shop", "crumb.example"]),
        ("午前7時", ["7"]),
        ("we bake, e.g. rye", []),
        ("at 127.0.0.1:80 or 3com.example", ["127.0.0.1:80", "3com.example"]),
        (f"{'7' * 5_000} pm", ["7" * 5_000]),
        ("٧:٣٠ and 七時", ["7:30", "7"]),
    ],
)
def test_one_form_for_one_figure(text: str, found: list[str]) -> None:
    assert [" ".join(sorted(forms)) for forms, *_ in figures(text, "en")] == found


def test_what_is_counted_follows() -> None:
    assert [one.after for one in figures("twelve cafés, 2 hotels and 7.", "en")] == ["cafés", "hotels", ""]
    assert [one.after for one in figures("from 16 can help, 21 to 75", "en")] == ["", "", ""]


@pytest.mark.parametrize(("text", "code"), [("sieben", "de"), ("sept", "fr"), ("siete", "es")])
def test_number_words_of_a_language(text: str, code: str) -> None:
    assert figures(text, code)[0].forms == {"7"}


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("1.250,50 €", "de", "1250.5 currency"),
        ("1250.50 €", "en", "1250.5 currency"),
        ("1 000 euros", "fr", "1000 currency"),
        ("2 000 Euro", "de", "2000 currency"),
        ("1'200.00 CHF", "de", "1200 currency"),
        ("12 300 Leute", "de", "12 , 300 "),
        ("50 %", "en", "50 concentr-percent"),
        ("30 Prozent", "de", "30 concentr-percent"),
        ("5 Werktage", "de", "5 duration"),
        ("5 business days", "en", "5 duration"),
        ("9 am", "en", "9 time"),
        ("50 metres, 3 m²", "en", "50 length-meter, 3 area-square-meter"),
        ("3 Kubikmeter", "de", "3 volume-cubic-meter"),
        ("15 kilos", "es", "15 mass-kilogram"),
        ("洗牙约需40分钟", "zh", "40 duration"),
        ("5 per day; 24; Days", "en", "5 , 24 "),
        ("Tue. to Fri. 9:00", "en", "day2 day, day5 day, 9 time, day3 between, day4 between"),
        ("de segunda a quarta", "pt", "day1 day, day3 day, day2 between"),
        ("May we? In May", "en", "month5 month"),
        ("So kostet es. So: 8 Uhr", "de", "day7 day, 8 time"),
        ("le mardi 3 mars", "fr", "day2 day, 3 , month3 month"),
    ],
)
def test_by_the_rules_of_the_language(text: str, code: str, found: str) -> None:
    assert ", ".join(f"{' '.join(one.forms)} {one.unit}" for one in figures(text, code)) == found


@given(
    st.text()
    | st.lists(st.sampled_from(["7", "1,", ":", ".", "pm", " ", "a", "@", "t.ab", "፩", "²", "٣", "七", "万", "-"])).map(
        "".join
    )
)
def test_any_text_has_figures_or_none(text: str) -> None:
    assert all(forms and all(forms) for forms, *_ in figures(text, "en"))
