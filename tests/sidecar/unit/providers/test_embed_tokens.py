from __future__ import annotations

import pytest

from rag_ask.providers.embed.tokens import count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("   \n\t ", 0),
        ("hello world", 2),
        ("Hello, World!", 4),
        ("sourdough", 3),
        ("パン屋", 3),
        ("🥖", 1),
    ],
)
def test_counts_word_pieces_without_the_framing_tokens(text: str, tokens: int) -> None:
    assert count_tokens([text]) == [tokens]


def test_does_not_cut_a_long_text() -> None:
    assert count_tokens(["bread " * 5000]) == [5000]


def test_does_not_pad_to_its_neighbours() -> None:
    assert count_tokens(["bread", "bread " * 40, ""]) == [1, 40, 0]


def test_no_texts_have_no_counts() -> None:
    assert count_tokens([]) == []
