"""Sizes by characters: alike in every language that spells, and smaller where a character is a word."""

from __future__ import annotations

import pytest

from rag_ask.text.tokens import count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("bread", 2),
        ("When does the bakery open?", 7),
        ("Во сколько открывается пекарня?", 8),
        ("パン屋", 3),
        ("面包店早上七点开门", 7),
        ("빵집은 언제 여나요", 7),
        ("🥖", 1),
    ],
)
def test_a_quarter_of_a_letter_and_most_of_an_ideograph(text: str, tokens: int) -> None:
    assert count_tokens([text]) == [tokens]


def test_texts_in_their_order() -> None:
    assert count_tokens(["bread " * 400, "", "bread"]) == [600, 0, 2]
    assert count_tokens([]) == []
