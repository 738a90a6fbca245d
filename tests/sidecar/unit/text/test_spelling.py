"""Misspelled words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_ask.text.spelling import MAX_NEAREST, is_spelled, max_edits, nearest


@pytest.mark.parametrize(
    ("term", "other", "edits"),
    [
        ("bread", "bread", {"bread": 0}),
        ("darjeling", "darjeeling", {"darjeeling": 1}),
        ("recieve", "receive", {"receive": 1}),
        ("bread", "breads", {"breads": 1}),
        ("chamomile", "camomille", {"camomille": 2}),
        # A swap of neighbours is one edit, and two when something stands between them.
        ("teacakes", "teaackes", {"teaackes": 1}),
        ("caravans", "cavarans", {"cavarans": 2}),
        ("sourdough", "southern", {}),
    ],
)
def test_edits(term, other, edits):
    assert nearest(term, {other: 1}) == edits


@given(st.text("abc", min_size=5, max_size=9), st.text("abc", min_size=5, max_size=9))
def test_edits_are_bounded_by_the_length_of_the_term(term, other):
    assert 0 <= nearest(term, {other: 1}).get(other, 0) <= max_edits(term)
    assert (nearest(term, {other: 1}).get(other) == 0) == (term == other)


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
