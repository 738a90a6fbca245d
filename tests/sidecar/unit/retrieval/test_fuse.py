"""Fusion with neighbours, and confidence."""

import pytest

from rag_ask.retrieval.fuse import Candidate, confidence, confidence_across, fuse, in_context, merge
from rag_ask.text.bm25 import K1


def chunk(post_id=1, position=0, dense=0.5, lexical=0.0, before=None, after=None, **fields):
    """before, after: the dense scores of the chunks beside it."""
    beside = {
        "dense_before": before,
        "lexical_before": None if before is None else 0.0,
        "dense_after": after,
        "lexical_after": None if after is None else 0.0,
    }
    return Candidate(post_id, position, dense, lexical, **beside, **fields)


def places(ranked):
    return [candidate.place for candidate in ranked]


def test_best_in_both_scores_one_and_worst_in_both_zero():
    ranked = fuse([chunk(1, dense=0.2), chunk(2, dense=0.9, lexical=7.0)], 0.6, 0.25)
    assert [(c.post_id, c.score) for c in ranked] == [(2, 1.0), (1, 0.0)]


def test_words_alone_can_win_over_a_slightly_nearer_meaning():
    ranked = fuse([chunk(1, dense=0.60), chunk(2, dense=0.55, lexical=9.0), chunk(3, dense=0.1)], 0.6, 0.0)
    assert ranked[0].post_id == 2


def test_nothing_to_fuse():
    assert fuse([], 0.6, 0.25) == []
    assert fuse([chunk(dense=0.5)], 0.6, 0.25)[0].score == 0.0


def test_of_two_equal_chunks_the_one_among_matching_neighbours_wins():
    page = [chunk(1, 0, 0.5, after=0.5), chunk(2, 0, 0.9, after=0.5), chunk(2, 1, 0.5, before=0.9), chunk(3, 0, 0.1)]
    assert places(fuse(page, 1.0, 0.25))[:2] == [(2, 0), (2, 1)]
    assert places(fuse(page, 1.0, 0.0))[1] == (1, 0)


def test_neighbours_on_both_sides_count_by_their_mean():
    page = [chunk(1, dense=0.5, before=0.9, after=0.1), chunk(2, dense=0.9), chunk(3, dense=0.1)]
    assert fuse(page, 1.0, 0.25)[1].score == pytest.approx(0.5)


def test_a_chunk_without_neighbours_loses_nothing():
    alone = fuse([chunk(1, dense=0.9), chunk(2, dense=0.1)], 1.0, 0.25)[0]
    assert alone.score == 1.0


def test_neighbours_that_are_worse_than_all_candidates_count_as_the_worst():
    page = [chunk(1, 0, 0.5), chunk(2, 0, 0.5, after=0.1), chunk(3, 0, 0.4)]
    ranked = fuse(page, 1.0, 0.25)
    assert (ranked[0].place, ranked[1].score) == ((1, 0), 0.75)


def test_a_page_of_several_good_chunks_comes_before_one_with_a_chance_match():
    page = [chunk(1, 0, 0.88), chunk(1, 5, 0.85), chunk(1, 9, 0.85), chunk(2, 0, 0.9), chunk(3, 0, 0.1)]
    assert places(fuse(page, 1.0, 0.25))[0] == (2, 0)
    ranked = fuse(page, 1.0, 0.25, page_weight=0.25)
    assert places(ranked)[0] == (1, 0)
    assert all(0 <= one.score <= 1 for one in ranked)


def test_what_comes_after_the_first_is_ranked_without_its_page():
    page = [chunk(1, 0, 0.9), chunk(1, 5, 0.85), chunk(1, 9, 0.8), chunk(2, 0, 0.82), chunk(3, 0, 0.1)]
    assert places(fuse(page, 1.0, 0.25, page_weight=0.25)) == [(1, 0), (1, 5), (2, 0), (1, 9), (3, 0)]


def test_a_match_of_few_of_the_words_counts_little():
    page = [chunk(1, dense=0.8), chunk(2, dense=0.6, lexical=1.0), chunk(3, dense=0.1)]
    assert places(fuse(page, 0.6, 0.0, question_total=1.0))[0] == (2, 0)
    assert places(fuse(page, 0.6, 0.0, question_total=20.0))[0] == (1, 0)


def test_what_was_asked_for_in_quotes_comes_first():
    ranked = fuse([chunk(1, dense=0.9, lexical=9.0), chunk(2, dense=0.1, is_exact=True)], 0.6, 0.25)
    assert places(ranked) == [(2, 0), (1, 0)]


def test_the_newer_of_equal_texts_comes_first_and_only_then():
    old, new = 1_577_836_800.0, 1_767_225_600.0
    tie = [chunk(1, dense=0.501, dated_at=old), chunk(2, dense=0.5, dated_at=new), chunk(3, dense=0.1)]
    assert places(fuse(tie, 1.0, 0.0))[0] == (2, 0)
    clear = [chunk(1, dense=0.6, dated_at=old), chunk(2, dense=0.5, dated_at=new), chunk(3, dense=0.1)]
    assert places(fuse(clear, 1.0, 0.0))[0] == (1, 0)


def test_confidence_is_between_none_and_all():
    assert confidence([], 2.0) == 0.0
    assert confidence([chunk(dense=-0.2)], 2.0) == 0.0
    assert confidence([chunk(dense=1.0, lexical=1000.0)], 2.0) == 1.0
    assert confidence([chunk(dense=0.8)], 0.0) == pytest.approx(0.56)


def test_confidence_needs_meaning_and_words_in_one_chunk():
    full = 2.0 * (K1 + 1) / 2
    apart = confidence([chunk(1, dense=0.8), chunk(2, dense=0.0, lexical=full)], 2.0)
    together = confidence([chunk(1, dense=0.8, lexical=full)], 2.0)
    assert (apart, together) == (pytest.approx(0.56), pytest.approx(0.86))


def test_confidence_is_less_amid_what_speaks_of_other_things():
    alone = confidence([chunk(dense=0.8)], 0.0)
    assert confidence([chunk(dense=0.8, after=0.8)], 0.0) == pytest.approx(alone)
    assert confidence([chunk(dense=0.8, after=0.2)], 0.0) < alone


def test_across_languages_the_cosine_alone_counts_and_only_of_the_others():
    chunks = [chunk(1, dense=0.8, language="en_US"), chunk(2, dense=0.99, language="de"), chunk(3, dense=0.99)]
    assert confidence_across(chunks, "de", 0.1, 0.9, 0.7) == pytest.approx(0.1 + 0.9 * (0.8 - 0.7) / 0.3)
    assert confidence_across(chunks, "en", 0.5, 0.9) == 1.0
    assert confidence_across(chunks[2:], "en", 0.5, 0.9) == 0.0


def test_merged_rankings_keep_the_best_score_of_each_chunk():
    first = fuse([chunk(1, dense=0.9), chunk(2, dense=0.5), chunk(3, dense=0.1)], 1.0, 0.0)
    second = fuse([chunk(3, dense=0.8), chunk(4, dense=0.6), chunk(1, dense=0.4)], 1.0, 0.0)
    merged = merge([first, second])
    assert [(c.place[0], round(c.score, 1)) for c in merged] == [(1, 1.0), (3, 1.0), (2, 0.5), (4, 0.5)]


def test_the_question_before_decides_among_equals_and_a_new_noun_outweighs_it():
    course, parking = chunk(1), chunk(2)
    before = scored({course: 1.0, parking: 0.1})
    assert places(in_context(scored({parking: 1.0, course: 0.9}), before)) == [course.place, parking.place]
    assert places(in_context(scored({parking: 1.0, course: 0.3}), before)) == [parking.place, course.place]
    assert places(in_context([], before)) == [course.place, parking.place]


def scored(scores):
    return [one._replace(score=score) for one, score in scores.items()]
