"""BM25 as sparse vectors: the inner product is the formula."""

import math

import pytest
from pgvector import SparseVector

from rag_ask.text import analyze, bm25


def inner(a, b):
    right = dict(zip(b.indices(), b.values(), strict=True))
    return sum(value * right.get(index, 0) for index, value in zip(a.indices(), a.values(), strict=True))


def test_inner_product_is_bm25():
    document = bm25.document_vector(["bread", "bread", "butter"])
    question = SparseVector({analyze.dimension("bread"): bm25.idf(3, 10)}, bm25.DIMENSIONS)
    idf = math.log(1 + (10 - 3 + 0.5) / (3 + 0.5))
    norm = 0.82 * (1 - 0.68 + 0.68 * 3 / bm25.MEAN_TERMS)
    assert inner(document, question) == pytest.approx(idf * 2 * 1.82 / (2 + norm))


def test_rare_terms_weigh_more_and_none_is_negative():
    weights = [bm25.idf(holding, 100) for holding in (0, 1, 50, 100, 101)]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_text_without_terms_has_an_empty_vector():
    assert bm25.document_vector([]).indices() == []
