"""Clusters: wordings of one question together, other questions apart."""

import json
from pathlib import Path

import numpy as np
import pytest

from fakes.wordpress import EMBEDDER
from rag_ask.insights.cluster import clusters

PARAPHRASES = json.loads((Path(__file__).parents[2] / "data/paraphrases.json").read_text())


def test_wordings_of_one_question_come_together_and_no_others():
    texts = [text for question in PARAPHRASES for text in question]
    asks = [number for number, question in enumerate(PARAPHRASES) for _ in question]
    groups = clusters(EMBEDDER.embed(texts))
    assert all(len({asks[index] for index in group}) == 1 for group in groups)
    assert len(PARAPHRASES) <= len(groups) <= 1.4 * len(PARAPHRASES)


def test_the_first_leads_and_the_same_input_gives_the_same_groups():
    near, far = [1.0, 0.1], [0.0, 1.0]
    vectors = [np.array(v, np.float32) for v in ([1.0, 0.0], far, near, [0.1, 3.0])]
    assert clusters(vectors) == clusters(vectors) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(("vectors", "groups"), [([], []), ([np.zeros(2, np.float32)] * 2, [[0], [1]])])
def test_nothing_to_compare(vectors, groups):
    assert clusters(vectors) == groups
