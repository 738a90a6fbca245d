from __future__ import annotations

import pytest

from rag_ask.text.costs import NOTHING, SOMETHING, agree_on_costs, costs, without_costs


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("Breakfast is included.", "en", {NOTHING}),
        ("Breakfast is not in fact included.", "en", {SOMETHING}),
        ("Towels cost extra.", "en", {SOMETHING}),
        ("The free plan has five users.", "en", set()),
        ("Teachers do not pay.", "en", {NOTHING}),
        ("Teachers pay £4.", "en", set()),
        ("Bettwäsche ist nicht im Preis inbegriffen.", "de", {SOMETHING}),
        ("Am Freitag kommt ein Arzt.", "de", set()),
        ("Les boursiers en sont exonérés.", "fr", {NOTHING}),
        ("Za wydanie nie trzeba płacić.", "pl", {NOTHING}),
        ("Veikals maksā.", "lv", set()),
    ],
)
def test_what_a_text_says_of_costs(text: str, code: str, found: set[str]) -> None:
    assert costs(text, code) == found


@pytest.mark.parametrize(
    ("said", "told", "agree"),
    [
        ("Breakfast is included.", "Breakfast is £13.", False),
        ("Breakfast is included.", "Breakfast is charged separately.", False),
        ("Breakfast is included in the £80.", "The room is £80, breakfast included.", True),
        ("Teachers do not pay.", "Teachers are exempt.", True),
        ("Breakfast is included.", "Breakfast is at eight.", None),
        ("Breakfast is at eight.", "Breakfast is included.", None),
    ],
)
def test_whether_two_texts_agree_on_costs(said: str, told: str, agree: bool | None) -> None:
    assert agree_on_costs(said, "en", told, "en") is agree


def test_the_no_of_the_costs_goes_with_them() -> None:
    assert without_costs("Dogs are not included and not allowed.", "en").split() == [
        "Dogs",
        "are",
        "and",
        "not",
        "allowed.",
    ]
    assert without_costs("Teachers do not pay.", "en").split() == ["Teachers", "do", "pay."]
    assert without_costs("Dogs are not allowed.", "en") == "Dogs are not allowed."
