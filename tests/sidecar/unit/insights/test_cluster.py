"""Clusters: wordings of one question together, other questions apart."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from rag_ask.insights.cluster import clusters, same_from
from rag_ask.providers import models
from rag_ask.providers.embed.spec import E5_SMALL, MINILM
from rag_ask.settings import Settings

PARAPHRASES = json.loads((Path(__file__).parents[2] / "data/paraphrases.json").read_text())


@pytest.mark.parametrize("spec", [MINILM, E5_SMALL])
def test_wordings_of_one_question_come_together_and_no_others(spec):
    embedder = models.local_embedder(
        Settings(database_url="", secret=b"", models_dir=os.environ["RAG_ASK_MODELS_DIR"]), spec
    )
    texts = [text for question in PARAPHRASES for text in question]
    asks = [number for number, question in enumerate(PARAPHRASES) for _ in question]
    groups = clusters(embedder.embed(texts), same_from(embedder.name))
    assert all(len({asks[index] for index in group}) == 1 for group in groups)
    assert len(PARAPHRASES) <= len(groups) <= 1.4 * len(PARAPHRASES)


def test_the_first_leads_and_the_same_input_gives_the_same_groups():
    near, far = [1.0, 0.1], [0.0, 1.0]
    vectors = [np.array(v, np.float32) for v in ([1.0, 0.0], far, near, [0.1, 3.0])]
    assert clusters(vectors) == clusters(vectors) == [[0, 2], [1, 3]]


@pytest.mark.parametrize(("vectors", "groups"), [([], []), ([np.zeros(2, np.float32)] * 2, [[0], [1]])])
def test_nothing_to_compare(vectors, groups):
    assert clusters(vectors) == groups
