from __future__ import annotations

import pytest

from rag_ask.text.negation import is_negated

# A language, a statement that says yes, and one that says no.
PAIRS = [
    ("en", "We are not closed on Mondays.", "We are closed on Mondays."),
    ("en", "Dogs may come in.", "Dogs don't come in."),
    ("en", "It takes no longer than a week.", "It is no longer supported."),
    ("en", "Children may not swim without an adult.", "Children swim without an adult."),
    ("en", "Don't forget your card.", "Don't bring your card."),
    ("en", "Loans renew.", "Loans renew unless somebody waits."),
    ("en", "Do not come unless you are asked.", "Do not come."),
    ("en", "They must not be left alone for more than two hours.", "They must not be left alone."),
    ("de", "Das ist nicht verboten.", "Das ist verboten."),
    ("fr", "L'entrée n'est pas gratuite.", "L'entrée est gratuite."),
    ("es", "El museo abre los lunes.", "El museo nunca abre los lunes."),
    ("it", "Il negozio apre alle sette.", "Il negozio non apre alle sette."),
    ("nl", "Honden mogen naar binnen.", "Honden mogen niet naar binnen."),
    ("pt", "É permitido fumar.", "Não é permitido fumar."),
    ("ru", "Магазин открывается в семь.", "Магазин не открывается в семь."),
    ("pl", "W wodzie wolno jeść.", "W wodzie nie wolno jeść."),
    ("ar", "يفتح المتجر.", "لا يفتح المتجر."),
    ("ar", "موقف السيارات ليس مجانيًّا.", "موقف السيارات مجانيٌّ."),
    ("fa", "سگ ها مجاز هستند.", "سگ ها مجاز نیستند."),
    ("fa", "کارت می‌پذیریم.", "کارت نمی‌پذیریم."),
    ("ur", "کتوں کو اجازت ہے۔", "کتوں کو اجازت نہیں ہے۔"),
    ("sv", "Butiken är öppen.", "Butiken är inte öppen."),
    ("th", "ร้านเปิด", "ร้านไม่เปิด"),
    ("th", "ที่จอดรถไม่ฟรี", "ที่จอดรถฟรี"),
    ("zh", "商店非常不同。", "商店不开门。"),
    ("zh", "停车场不是免费的。", "停车场免费。"),
    ("ja", "無料ではありません。", "無料です。"),
    ("ja", "犬が少ないです。", "犬はいません。"),
    ("ko", "무료가 아닙니다.", "무료입니다."),
    ("ko", "개는 들어올 수 있습니다.", "개는 들어올 수 없습니다."),
    ("hi", "दुकान खुलती है।", "दुकान नहीं खुलती है।"),
    ("", "Butiken är öppen.", "Butiken är inte öppen."),
]


@pytest.mark.parametrize(("code", "yes", "no"), PAIRS)
def test_yes_and_no(code: str, yes: str, no: str) -> None:
    assert not is_negated(yes, code)
    assert is_negated(no, code)


def test_not_free_is_the_opposite_of_free() -> None:
    assert is_negated("Parking is free for customers.", "en") != is_negated("Parking is not free for customers.", "en")
    assert is_negated("Teachers do not pay.", "en") == is_negated("Teachers come in free.", "en")
