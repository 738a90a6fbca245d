from __future__ import annotations

import pytest

from rag_ask.text.numerals import NUMBER_WORDS, in_figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("午前七時三十分", "午前7時30分"),
        ("二〇二六年十一月二十日", "2026年11月20日"),
        ("三千八百五十円、2万円、1.1億", "3850円、20000円、110000000"),
        ("两点半", "2点半"),
        ("一般に十分、万一", "一般に十分、万一"),
        ("٧:٣٠ و ٣٫٥", "7:30 و 3.5"),
        ("๑๘ นาฬิกา", "18 นาฬิกา"),
        ("เจ็ดโมงเช้า แปดร้อยห้าสิบบาท ยี่สิบเอ็ดคน", "7โมงเช้า 850บาท 21คน"),
        ("ห้ามเข้า สามารถ เก้าอี้", "ห้ามเข้า สามารถ เก้าอี้"),
        ("일곱 시, 열두 명, 삼십 분, 8만 원", "7 시, 12 명, 30 분, 80000 원"),
        ("세상에 네가 한 명", "세상에 네가 한 명"),
        ("seven at 7:30", "seven at 7:30"),
    ],
)
def test_numbers_of_other_scripts(text: str, figures: str) -> None:
    assert in_figures(text) == figures


@pytest.mark.parametrize(
    ("code", "word", "value"),
    [
        ("en", "ninety", "90"),
        ("fr", "vingt", "20"),
        ("it", "sette", "7"),
        ("nl", "dertig", "30"),
        ("pt", "duas", "2"),
        ("ru", "пяти", "5"),
        ("pl", "ósmej", "8"),
        ("ar", "السابعة", "7"),
    ],
)
def test_words_of_a_language(code: str, word: str, value: str) -> None:
    assert NUMBER_WORDS[code][word] == value


def test_what_mostly_means_something_else_is_no_number() -> None:
    assert "neuf" not in NUMBER_WORDS["fr"] and "one" not in NUMBER_WORDS["en"] and "_" not in NUMBER_WORDS["fr"]
