from __future__ import annotations

import pytest

from rag_ask.text.language import content_words, detect, words


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
        ("Rye or spelt?", "en"),
        ("X200?", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_question(text: str, code: str) -> None:
    assert detect(text) == code


def test_words_that_carry_content() -> None:
    assert content_words("When does the bakery open on Sundays?", "en") == ["bakery", "open", "sundays"]
    assert content_words("When does it open?", "") == ["when", "does", "it", "open"]


def test_vowel_signs_belong_to_their_words() -> None:
    assert words("ร้านเปิด 7 โมง") == ["ร้านเปิด", "โมง"]


def test_the_half_of_the_day_is_no_word() -> None:
    assert words("Saturday 10 am - 4 p.m., I am in") == ["saturday", "i", "am", "in"]
    assert detect("Saturday 10 am - 4 pm") == ""
