from __future__ import annotations

import pytest
from linear import assert_linear

from rag_ask.text.numerals import in_figures


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
    assert in_figures(word, code) == value


def test_what_mostly_means_something_else_is_no_number() -> None:
    for text, code in (("one of us, first and second", "en"), ("une chambre", "fr"), ("seven o", "pl")):
        assert in_figures(text, code) == text


@pytest.mark.parametrize(
    ("text", "code", "figures"),
    [
        ("Two hundred guests, one week, a hundred seats", "en", "200 guests, 1 week, a 100 seats"),
        ("seven o'clock, twenty-five minutes", "en", "7 o'clock, 25 minutes"),
        ("zweihundertfünfzig Gäste am ersten Tag", "de", "250 Gäste am ersten Tag"),
        ("mille deux cents euros, soixante-dix places", "fr", "1200 euros, 70 places"),
        ("doscientos euros por un mes", "es", "200 euros por 1 mes"),
        ("tweehonderd vijfentwintig", "nl", "225"),
        ("два зала", "ru", "2 зала"),
        ("två hundra", "sv", "två hundra"),
    ],
)
def test_number_words_of_any_length(text: str, code: str, figures: str) -> None:
    assert in_figures(text, code) == figures


def test_a_long_run_of_number_words_takes_linear_time() -> None:
    assert_linear(lambda text: in_figures(text, "en"), lambda count: "seven hundred " * count, 500, 4_000)
