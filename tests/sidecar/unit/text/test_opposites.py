from __future__ import annotations

import pytest

from rag_ask.text.opposites import opposites


@pytest.mark.parametrize(
    ("said", "told", "count"),
    [
        ("the pool is unheated", "the pool is heated", 1),
        ("children are included", "children are excluded", 1),
        ("die anreise", "die abreise", 1),
        ("es incompatible", "es compatible", 1),
        ("served upstairs", "served downstairs", 1),
        ("before noon", "after noon", 1),
        ("before noon and after it", "before noon and after it", 0),
        ("under the tree", "the tree", 0),
        ("the inside", "the side", 1),
        ("we bake bread", "we bake bread", 0),
    ],
)
def test_words_that_a_prefix_turns_round(said: str, told: str, count: int) -> None:
    assert opposites(said.split(), told.split()) == count


def test_listed_opposites_are_compared_by_their_stems() -> None:
    assert opposites(["on", "friday", "mornings"], ["on", "friday", "evenings"], "en") == 1
    assert opposites(["the", "full", "fee"], ["a", "reduced", "fee"], "en") == 1
    assert opposites(["from", "top", "to", "bottom"], ["from", "bottom", "to", "top"], "en") == 1
