"""The figures of rag-ask eval, worked out by hand."""

import math

import pytest

from rag_ask.evaluate.dataset import Question
from rag_ask.evaluate.measure import Shown, area, best_threshold, cut, measure, normal


def shown(*texts, document="d"):
    return [Shown(document, text) for text in texts]


def test_the_last_passage_is_cut():
    assert [passage.text for passage in cut(shown("aaaa", "bbbb", "cccc"), 7)] == ["aaaa", "bb"]


def test_the_answer_in_the_second_passage():
    question = Question(question="?", answers=["seven o'clock", "7"])
    found = measure(question, shown("We bake bread.", "Open from SEVEN O’CLOCK."), {}, 1000)
    assert (found.recall, found.hit, found.mrr) == (1, 1, 0.5)
    assert found.ndcg == pytest.approx(1 / math.log2(3))


def test_an_answer_behind_the_context_is_not_found():
    question = Question(question="?", answers=["seven"])
    found = measure(question, shown("We bake bread.", "We open at seven."), {}, 20)
    assert (found.recall, found.hit, found.ndcg, found.mrr) == (0, 0, 0, 0)


def test_half_a_span_is_half_of_the_recall_and_no_hit():
    text = "abcd efgh ijkl"
    question = Question(question="?", spans=[{"document": "d", "start": 0, "end": 9}])
    assert measure(question, shown("abcd"), {"d": text}, 100).recall == 0.5
    assert measure(question, shown("abcd"), {"d": text}, 100).hit == 0
    assert measure(question, shown("abcd", "efgh"), {"d": text}, 100).hit == 1
    assert measure(question, shown("abcd", "efgh", document="other"), {"d": text}, 100).recall == 0


def test_documents_are_pieces_of_their_own():
    question = Question(question="?", documents=["a", "b"])
    passages = [Shown("a", "x"), Shown("c", "y"), Shown("b", "z")]
    found = measure(question, passages, {}, 100)
    ideal = 0.5 + 0.5 / math.log2(3)
    assert (found.recall, found.hit, found.mrr) == (1, 1, 1)
    assert found.ndcg == pytest.approx((0.5 + 0.5 / 2) / ideal)
    assert measure(question, passages[:2], {}, 100).recall == 0.5


def test_nothing_shown():
    assert measure(Question(question="?", answers=["x"]), [], {}, 100).recall == 0


def test_marks_and_white_space_do_not_matter():
    assert normal("It’s  7:30,\nOK") == "its730ok"


def test_letters_of_one_sign_and_of_two_are_the_same():
    assert normal("\u0958\u0932\u092e") == normal("\u0915\u093c\u0932\u092e")
    assert normal("caf\u00e9") == normal("cafe\u0301")


def test_area():
    assert area([0.9, 0.8], [0.1, 0.2]) == 1
    assert area([0.5], [0.5]) == 0.5
    assert area([0.9, 0.1], [0.5]) == 0.5


def test_the_best_threshold_lies_in_the_middle_between_both_kinds():
    assert best_threshold([0.8, 0.9], [0.2, 0.3]) == pytest.approx(0.56, abs=0.02)
