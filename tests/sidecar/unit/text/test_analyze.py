from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag_ask.text.analyze import DIMENSIONS, dimension, terms


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("", "en", []),
        ("?! 🙂", "en", []),
        ("Running shops", "en", ["run", "shop"]),
        ("Running", "", ["run"]),
        ("Running", "xx", ["running"]),
        ("The baker's", "en-GB", ["the", "baker"]),
        ("AB-1200", "en", ["ab", "1200", "ab1200"]),
        ("ab1200", "en", ["ab", "1200", "ab1200"]),
        ("at 7:30 for £3.50", "en", ["at", "7", "30", "7:30", "for", "3", "50", "3.50"]),
        ("1,200", "en", ["1", "200", "1200"]),
        ("ＣＯＶＩＤ－１９", "en", ["covid", "19", "covid19"]),
        ("Öffnungszeiten Straße", "de-DE", ["offnungszeit", "strass"]),
        ("İstanbul", "tr", ["ista", "istan"]),
        ("今日は茶", "ja", ["今日", "日は", "は茶"]),
        ("Bánh mì ngon", "vi", ["banh", "mi", "ngon", "banh mi", "mi ngon"]),
        ("茶", "ja", ["茶"]),
        ("학교에서", "ko", ["학교", "교에", "에서"]),
        ("สวัส", "th", ["สว", "วั", "ัส"]),
        ("ກິນ", "lo", ["ກິ", "ິນ"]),
        ("ខ្ញុំ", "km", ["ខ្", "្ញ", "ញុ", "ុំ"]),
        ("iPhoneを買う", "ja", ["iphone", "を買", "買う"]),
    ],
)
def test_terms(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("opening", "opens", "en"),
        ("café", "cafe", "fr"),
        ("fermée", "fermee", "fr"),
        ("fermée", "fermer", "fr"),
        ("مُحَمَّد", "محمد", "ar"),
        ("ёлка", "елка", "ru"),
        ("fırından", "fırınlarımızda", "tr"),
        ("AB-1200", "AB1200", "en"),
        ("AB-1200", "ab 1200", "en"),
        ("gluten-free", "glutenfree", "en"),
        ("1,200 grams", "1200", "en"),
        ("e\u0301tat", "état", "fr"),
    ],
)
def test_spellings_meet(one: str, other: str, language: str) -> None:
    assert set(terms(one, language)) & set(terms(other, language))


def test_accented_words_keep_their_own_stem_too() -> None:
    assert terms("fermée", "fr") == ["ferm", "ferme"]


def test_long_words_are_cut() -> None:
    assert terms("x" * 5_000, "en") == ["x" * 64]


@settings(max_examples=200)
@given(st.text(max_size=80), st.sampled_from(["en", "fr", "ar", "ja", "hi", "", "zz-ZZ"]))
def test_any_text_gives_the_same_short_terms_again(text: str, language: str) -> None:
    found = terms(text, language)
    assert found == terms(text, language)
    assert all(0 < len(term) <= 130 for term in found)


def test_dimension_is_the_same_everywhere() -> None:
    assert [dimension("seven"), dimension("今日")] == [19256664, dimension("今日")]
    assert all(0 <= dimension(str(n)) < DIMENSIONS for n in range(1_000))
    assert len({dimension(str(n)) for n in range(1_000)}) == 1_000


def test_threads_do_not_share_a_stemmer() -> None:
    words = [f"{stem}{ending}" for stem in ("walk", "bak", "open", "clos") for ending in ("ing", "ed", "es")] * 20
    text = " ".join(f"{word}{chr(97 + n % 26)}{chr(97 + n // 26)}ing" for n, word in enumerate(words))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: terms(text, "en"), range(16)))
    assert all(result == results[0] for result in results)
