from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag_ask.text.language import code_of, content_words, detect, english_name, words

QUESTIONS = json.loads((Path(__file__).parents[2] / "data" / "questions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("When do you open?", "en"),
        ("Wann habt ihr am Sonntag geöffnet?", "de"),
        ("Quels sont les horaires d'ouverture ?", "fr"),
        ("¿Cuánto cuesta el curso?", "es"),
        ("Quanto costa il corso?", "it"),
        ("Hoe laat gaan jullie open op zondag? Is er een parkeerplaats?", "nl"),
        ("Onde fica a loja e quanto custa?", "pt"),
        ("開店時間はいつですか", "ja"),
        ("什么时候开门", "zh"),
        ("언제 여나요?", "ko"),
        ("Когда вы открываетесь?", "ru"),
        ("Kiedy otwieracie w niedzielę?", "pl"),
        ("När öppnar ni?", "sv"),
        ("Коли ви відкриваєтесь?", "uk"),
        ("چه ساعتی باز می‌کنید؟", "fa"),
        ("parking", ""),
        ("X200?", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_question(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("parking", ["de-DE", "en"], "de"),
        ("Preise", ["de-DE"], "de"),
        ("parking", ["", "fr-FR"], "fr"),
        ("When do you open on Sundays?", ["de-DE"], "en"),
        ("Koliko košta sat?", ["hr"], "hr"),
        ("Koliko košta sat?", ["de", "hr_HR"], "hr"),
        ("Koliko košta sat?", ["de"], ""),
        ("Колькі каштуе ўрок?", ["bel"], "be"),
        ("Hva koster timen?", ["no"], "nb"),
        ("When do you open on Sundays?", ["xx"], ""),
    ],
)
def test_an_expected_language_settles_what_is_open(text: str, expected: list[str], code: str) -> None:
    assert detect(text, expected) == code


def test_a_page_in_another_language_hardly_ever_changes_the_guess() -> None:
    asked = [(text, code, page) for code in QUESTIONS for text in QUESTIONS[code] for page in QUESTIONS if page != code]
    wrong = [row for row in asked if detect(row[0], [row[2]]) not in ("", row[1])]
    assert len(wrong) <= 0.02 * len(asked), wrong


@pytest.mark.parametrize(
    ("tag", "code", "name"),
    [("pt-BR", "pt", "Portuguese"), ("bel", "be", "Belarusian"), ("nb_NO", "nb", "Norwegian Bokmål"), ("xx", "xx", "")],
)
def test_codes_and_names(tag: str, code: str, name: str) -> None:
    assert code_of(tag) == code
    assert english_name(code) == name


def test_words_that_carry_content() -> None:
    assert content_words("When does the bakery open on Sundays?", "en") == ["bakery", "open", "sundays"]
    assert content_words("When does it open?", "") == ["when", "does", "it", "open"]


def test_vowel_signs_belong_to_their_words() -> None:
    assert words("ร้านเปิด 7 โมง") == ["ร้านเปิด", "โมง"]


def test_the_half_of_the_day_is_no_word() -> None:
    assert words("Saturday 10 am - 4 p.m., I am in") == ["saturday", "i", "am", "in"]
    assert detect("Saturday 10 am - 4 pm") == ""
