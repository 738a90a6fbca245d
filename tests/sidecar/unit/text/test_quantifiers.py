from __future__ import annotations

import pytest

from rag_ask.text.quantifiers import excluding, says_another_share, says_too_much


@pytest.mark.parametrize(
    ("said", "told", "too_much"),
    [
        ("Leave is always paid.", "Leave is paid only if it was earned.", True),
        ("All rooms have a view.", "Most rooms have a view.", True),
        ("Every room has a view.", "Some rooms have a view.", True),
        ("Each room has a view.", "The rooms have a view.", False),
        ("All rooms have a view.", "Every room has a view.", False),
        ("Only members may enter.", "Members may enter.", True),
        ("Only members may enter.", "Nobody may enter, except members.", False),
        ("Sheds never need permission.", "Sheds need no permission if they are low.", True),
        ("You never get more than ten weeks.", "You get up to ten weeks.", False),
        ("Films are lent for only one week.", "Films are lent for one week.", False),
        ("Members may enter.", "Only members may enter.", False),
    ],
)
def test_all_and_only(said: str, told: str, too_much: bool) -> None:
    assert says_too_much(said, "en", told, "en") is too_much


def test_other_languages_have_their_own_words() -> None:
    assert says_too_much("Der Bonus wird immer gezahlt.", "de", "Der Bonus wird nur im März gezahlt.", "de")
    assert not says_too_much("Der Bonus wird immer gezahlt.", "xx", "Der Bonus wird nur im März gezahlt.", "de")


def test_half_is_not_full() -> None:
    assert says_another_share("Students pay full price.", "en", "Students pay half price.", "en")
    assert says_another_share("pagan el precio completo", "es", "pagan la mitad", "es")
    assert not says_another_share("Students pay half price.", "en", "Students pay half price.", "en")


def test_an_exception_is_an_only_turned_round() -> None:
    assert excluding("only on Sundays", "en") == {"only"}
    assert excluding("not allowed, except on Sundays", "en") == {"except"}
    assert not excluding("on Sundays", "en")
