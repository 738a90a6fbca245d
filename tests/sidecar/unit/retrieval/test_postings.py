"""The best places by words: weights of all terms summed."""

import numpy as np
import pytest

from rag_ask.db.postings import PLACE
from rag_ask.retrieval.postings import best_of


def held(idf, *places):
    return idf, np.array(list(places), PLACE)


# The second is the largest id that there may be.
@pytest.mark.parametrize("post_id", [7, 2**63 - 1])
def test_weights_of_all_terms_are_summed_and_of_equal_places_the_first_comes_first(post_id):
    bread = held(2.0, (1, 0, 0.5), (3, 4, 0.5), (post_id, 1, 0.25))
    tea = held(1.0, (3, 4, 0.25), (5, 0, 1.0), (post_id, 1, 1.0))
    assert best_of([bread, tea], 10) == [(post_id, 1), (3, 4), (1, 0), (5, 0)]
    assert best_of([bread, tea], 3) == [(post_id, 1), (3, 4), (1, 0)]
    assert best_of([bread, tea], 1) == [(post_id, 1)]


def test_no_term_has_no_place():
    assert best_of([], 10) == []
