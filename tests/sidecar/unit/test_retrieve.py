"""Fusion, joining of neighbours and confidence."""

import pytest

from rag_ask.bm25 import question_vector
from rag_ask.ground import Passage
from rag_ask.retrieve import CONTEXT_CHARACTERS, JOINED_CHARACTERS, Candidate, confidence, fuse, join_neighbours


def candidate(post_id=1, position=0, dense=0.5, lexical=0.0, heading=("H",), text=None, score=0.0):
    passage = Passage(post_id, f"T{post_id}", "https://x.example/", heading, text or f"{post_id}.{position}", score)
    return Candidate(position, dense, lexical, passage)


def test_best_in_both_scores_one_and_worst_in_both_zero():
    ranked = fuse([candidate(1, dense=0.2), candidate(2, dense=0.9, lexical=7.0)])
    assert [(c.passage.post_id, c.passage.score) for c in ranked] == [(2, 1.0), (1, 0.0)]


def test_words_alone_can_win_over_a_slightly_nearer_meaning():
    ranked = fuse([candidate(1, dense=0.60), candidate(2, dense=0.55, lexical=9.0), candidate(3, dense=0.1)])
    assert ranked[0].passage.post_id == 2


def test_nothing_to_fuse():
    assert fuse([]) == []
    assert fuse([candidate(dense=0.5)])[0].passage.score == 0.0


def test_neighbours_under_one_heading_become_one_passage_in_reading_order():
    joined = join_neighbours([candidate(position=1), candidate(2), candidate(position=0), candidate(position=2)])
    assert [passage.text for passage in joined] == ["1.0\n1.1\n1.2", "2.0"]


def test_neighbours_under_other_headings_or_in_other_posts_stay_apart():
    parts = [candidate(position=0), candidate(position=1, heading=("I",)), candidate(2, position=1)]
    assert len(join_neighbours(parts)) == 3


def test_a_joined_passage_stays_short():
    ranked = [candidate(position=n, text="x" * (JOINED_CHARACTERS // 2)) for n in (1, 2, 3)]
    assert [len(passage.text) for passage in join_neighbours(ranked)] == [JOINED_CHARACTERS + 1, JOINED_CHARACTERS / 2]


def test_context_is_bounded():
    long = [candidate(n, text="x" * 1000) for n in range(20)]
    assert len(join_neighbours(long)) == CONTEXT_CHARACTERS / 1000


def test_confidence_is_between_none_and_all():
    question = question_vector({1: 1, 2: 1}, 100)
    assert confidence([], question) == 0.0
    assert confidence([candidate(dense=-0.2)], question) == 0.0
    assert confidence([candidate(dense=1.0, lexical=1000.0)], question) == 1.0
    assert confidence([candidate(dense=0.8)], question_vector({}, 100)) == pytest.approx(0.56)
