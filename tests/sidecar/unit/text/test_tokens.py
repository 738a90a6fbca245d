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
        ("Во сколько открывается пекарня?", 9),
        ("7:30", 3),
        ("| 2024 | 1,250.50 |", 10),
        ("パン屋", 3),
        ("面包店早上七点开门", 7),
        ("빵집은 언제 여나요", 6),
        ("🥖", 1),
    ],
)
def test_figures_and_marks_are_more_than_letters_and_less_than_ideographs(text: str, tokens: int) -> None:
    assert count_tokens([text]) == [tokens]


def test_texts_in_their_order() -> None:
    assert count_tokens(["bread " * 400, "", "bread"]) == [540, 0, 2]
    assert count_tokens([]) == []
