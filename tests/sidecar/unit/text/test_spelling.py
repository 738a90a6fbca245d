"""Misspelled words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ask.text.spelling import MAX_NEAREST, edits, is_spelled, nearest


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("tea", "tea", 0),
        ("darjeling", "darjeeling", 1),
        ("recieve", "receive", 1),
        ("kitten", "sitting", 3),
        ("", "ab", 2),
    ],
)
def test_edits(one, other, expected):
    assert edits(one, other, 5) == expected


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 3))
def test_edits_are_symmetric_and_bounded(one, other, limit):
    found = edits(one, other, limit)
    assert found == edits(other, one, limit) <= limit + 1
    assert (found == 0) == (one == other)


def test_the_nearest_and_then_the_most_frequent_terms_are_meant():
    vocabulary = {"darjeeling": 2, "darling": 9, "sourdough": 4}
    assert nearest("darjeling", vocabulary) == {"darjeeling": 1}
    crowd = {f"bread{letter}": number for number, letter in enumerate("abcdef")}
    assert list(nearest("breads", crowd)) == ["breadf", "breade", "breadd"]
    assert len(nearest("breads", crowd)) == MAX_NEAREST


def test_short_words_may_differ_by_one_edit_and_long_ones_by_two():
    assert nearest("shoop", {"shop": 1, "shape": 1}) == {"shop": 1}
    assert nearest("acomodation", {"accommodation": 1}) == {"accommodation": 2}
    assert nearest("bread", {"board": 1}) == {}


def test_figures_codes_and_short_words_are_not_misspelled():
    assert [is_spelled(term) for term in ("bread", "ab1200", "1200", "tea", "x" * 31)] == [True, *[False] * 4]
