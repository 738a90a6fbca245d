"""Where a section is cut."""

from __future__ import annotations

from rag_ask.indexing.packs import LONGEST_TOKENS, TARGET_TOKENS, Part, packed


def cut(sizes: list[int], ends: list[int], before: list[str] | None = None) -> list[int]:
    """The number of parts in each pack. ends: indexes of the parts that end a paragraph."""
    parts = [Part(f"{index} " if index not in ends else f"{index}\n", size) for index, size in enumerate(sizes)]
    return [len(text.split()) for text in packed(parts, LONGEST_TOKENS, frozenset(before or ()))]


def test_nothing_is_no_pack() -> None:
    assert cut([], []) == []


def test_packs_are_of_one_size() -> None:
    assert cut([30] * 4, []) == [4]
    assert cut([30] * 5, []) == [2, 3]
    assert cut([30] * 6, []) == [3, 3]
    assert cut([20] * 8, []) == [4, 4]


def test_a_paragraph_stays_whole_rather_than_being_cut_at_the_target() -> None:
    assert cut([30, 30, 30, 30, 20, 20, 20], [3]) == [4, 3]
    assert cut([30, 30, 20, 20, 20, 20], [1]) == [2, 4]


def test_short_paragraphs_come_together() -> None:
    assert cut([15] * 12, list(range(12))) == [6, 6]


def test_a_long_paragraph_is_cut() -> None:
    assert cut([30] * 12, []) == [3, 3, 3, 3]


def test_no_pack_is_longer_than_the_longest_unless_it_is_one_part() -> None:
    assert cut([LONGEST_TOKENS, 1, 2 * LONGEST_TOKENS, TARGET_TOKENS], []) == [1, 1, 1, 1]


def test_packs_of_before_stay_where_others_would_be_as_good() -> None:
    paragraphs = list(range(9))
    assert cut([50] * 9, paragraphs) == [1, 2, 2, 2, 2]
    assert cut([50] * 9, paragraphs, ["0\n1", "2\n3", "5\n6", "7\n8"]) == [2, 2, 1, 2, 2]
