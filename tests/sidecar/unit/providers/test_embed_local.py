from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.tokens import count_tokens

REFERENCES = json.loads((Path(__file__).parent / "reference-vectors.json").read_text())


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder(threads=1)


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference["text"][:20])
def test_agrees_with_the_unquantized_model(embedder: LocalEmbedder, reference: dict[str, Any]) -> None:
    vector = embedder.embed([reference["text"]])[0]
    assert vector @ np.array(reference["vector"]) >= 0.97


def test_the_reference_is_the_published_model() -> None:
    # The first numbers that the model's authors print for this sentence.
    assert REFERENCES[0]["text"] == "This is an example sentence"
    published = [0.0677, 0.0635, 0.0487, 0.0793, 0.0374, 0.0027, 0.0394, -0.0071]
    assert REFERENCES[0]["vector"][:8] == pytest.approx(published, abs=1e-4)


def test_returns_unit_vectors_in_the_order_asked(embedder: LocalEmbedder) -> None:
    texts = ["", "bread", "🥖", "When do you open? " * 200, "パン屋"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (5, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert vector == pytest.approx(embedder.embed([text])[0], abs=1e-6)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: LocalEmbedder) -> None:
    alone = embedder.embed(["When do you open?"])[0]
    among = embedder.embed(["x", "When do you open?", "Our sourdough rests overnight. " * 40])[1]
    assert np.array_equal(alone, among)


def test_a_question_is_nearer_to_its_answer(embedder: LocalEmbedder) -> None:
    question, answer, other = embedder.embed(
        ["When does the bakery open?", "The bakery opens at seven.", "Parcels are sent by tram."]
    )
    assert question @ answer > question @ other + 0.3


def test_only_the_first_256_tokens_count(embedder: LocalEmbedder) -> None:
    start = "bread " * 254
    assert count_tokens([start]) == [254]
    cut, whole = embedder.embed([start, start + "motorcycle insurance"])
    assert np.array_equal(cut, whole)


def test_no_texts_give_no_vectors(embedder: LocalEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_threads_share_one_embedder() -> None:
    fresh = LocalEmbedder(threads=2)
    texts = [f"Loaf number {number} weighs {number * 100} grams." for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: fresh.embed([text])[0], texts))
    assert np.allclose(np.stack(vectors), fresh.embed(texts), atol=1e-6)


def test_nothing_of_the_model_is_there_before_the_first_text() -> None:
    """A server builds its embedder before it forks; a process that inherits the model's threads aborts at its end."""
    built = "from rag_ask.api import serve; from rag_ask.providers import models; models.local_embedder()"
    code = f"import sys; {built}; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
