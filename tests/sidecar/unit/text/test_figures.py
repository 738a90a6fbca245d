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
        ("1,250 g and 1.250 g", ["1250", "1250"]),
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
    assert [" ".join(sorted(forms)) for forms, _ in figures(text, "en")] == found


def test_what_is_counted_follows() -> None:
    assert [after for _, after in figures("twelve cafés, 2 hotels and 7.", "en")] == ["cafés", "hotels", ""]


@pytest.mark.parametrize(("text", "code"), [("sieben", "de"), ("sept", "fr"), ("siete", "es")])
def test_number_words_of_a_language(text: str, code: str) -> None:
    assert figures(text, code)[0][0] == {"7"}


@given(
    st.text()
    | st.lists(st.sampled_from(["7", "1,", ":", ".", "pm", " ", "a", "@", "t.ab", "፩", "²", "٣", "七", "万", "-"])).map(
        "".join
    )
)
def test_any_text_has_figures_or_none(text: str) -> None:
    assert all(forms and all(forms) for forms, _ in figures(text, "en"))
