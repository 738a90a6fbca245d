"""What holds for each local embedder: the small English one of the package, and the multilingual one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag_ask import model_files
from rag_ask.errors import ModelMissing
from rag_ask.providers.embed import files
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.questions import cosine_floor, embed_questions
from rag_ask.providers.embed.spec import E5_SMALL, MINILM

REFERENCES = json.loads((Path(__file__).parent / "reference-vectors.json").read_text())
E5_REFERENCES = json.loads((Path(model_files.__file__).parent / "e5-references.json").read_text())
E5_FOLDER = Path(os.environ["RAG_ASK_MODELS_DIR"]) / files.E5_SMALL


@pytest.fixture(scope="module")
def minilm() -> LocalEmbedder:
    return LocalEmbedder(MINILM, files.IN_PACKAGE, threads=1)


@pytest.fixture(scope="module")
def e5() -> LocalEmbedder:
    return LocalEmbedder(E5_SMALL, E5_FOLDER, threads=1)


@pytest.fixture(params=["minilm", "e5"])
def embedder(request: pytest.FixtureRequest) -> LocalEmbedder:
    found: LocalEmbedder = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference["text"][:20])
def test_minilm_agrees_with_the_unquantized_model(minilm: LocalEmbedder, reference: dict[str, Any]) -> None:
    vector = minilm.embed([reference["text"]])[0]
    assert vector @ np.array(reference["vector"]) >= 0.97


@pytest.mark.parametrize("reference", E5_REFERENCES, ids=lambda reference: reference["text"][:20])
def test_e5_agrees_with_the_unquantized_model(e5: LocalEmbedder, reference: dict[str, Any]) -> None:
    embed = e5.embed_questions if reference["is_question"] else e5.embed
    assert embed([reference["text"]])[0] @ np.array(reference["vector"]) >= 0.98


def test_the_reference_is_the_published_model() -> None:
    # The first numbers that the model's authors print for this sentence.
    assert REFERENCES[0]["text"] == "This is an example sentence"
    published = [0.0677, 0.0635, 0.0487, 0.0793, 0.0374, 0.0027, 0.0394, -0.0071]
    assert REFERENCES[0]["vector"][:8] == pytest.approx(published, abs=1e-4)


def test_returns_unit_vectors_in_the_order_asked(embedder: LocalEmbedder) -> None:
    texts = ["", "bread", "🥖", "When do you open? " * 200, "パン屋", "a lone \ud83e surrogate"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (6, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert vector == pytest.approx(embedder.embed([text])[0], abs=1e-6)


def test_a_vector_does_not_depend_on_its_neighbours(embedder: LocalEmbedder) -> None:
    alone = embedder.embed(["When do you open?"])[0]
    among = embedder.embed(["x", "When do you open?", "Our sourdough rests overnight. " * 40])[1]
    assert np.array_equal(alone, among)


@pytest.mark.parametrize(
    "answer", ["The bakery opens at seven.", "Die Bäckerei öffnet um sieben.", "Пекарня открывается в семь."]
)
def test_a_question_is_nearer_to_its_answer_in_any_language(e5: LocalEmbedder, answer: str) -> None:
    (question,) = embed_questions(e5, ["When does the bakery open?"])
    near, far = e5.embed([answer, "Parcels are sent by tram."])
    floor = cosine_floor(e5)
    assert (question @ near - floor) / (1 - floor) > (question @ far - floor) / (1 - floor) + 0.3


def test_e5_reads_a_question_and_a_passage_with_their_prefixes(e5: LocalEmbedder) -> None:
    bare = LocalEmbedder(E5_SMALL.__class__("bare", 384, 512), E5_FOLDER, threads=1)
    text = "When do you open?"
    assert np.array_equal(e5.embed([text]), bare.embed([f"passage: {text}"]))
    assert np.array_equal(e5.embed_questions([text]), bare.embed_questions([f"query: {text}"]))
    assert e5.embed([text])[0] @ e5.embed_questions([text])[0] < 0.99


def test_minilm_reads_both_alike(minilm: LocalEmbedder) -> None:
    text = "When do you open?"
    assert np.array_equal(minilm.embed([text]), embed_questions(minilm, [text]))
    assert cosine_floor(minilm) == 0


def test_only_the_first_tokens_count(embedder: LocalEmbedder) -> None:
    # One token a word, and two that frame the text.
    start = "bread " * embedder.spec.max_tokens
    cut, whole = embedder.embed([start, start + "motorcycle insurance"])
    assert np.array_equal(cut, whole)
    shorter = embedder.embed(["bread " * 100 + "motorcycle insurance"])[0]
    assert not np.array_equal(embedder.embed(["bread " * 100])[0], shorter)


def test_no_texts_give_no_vectors(embedder: LocalEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(("spec", "folder"), [(MINILM, files.IN_PACKAGE), (E5_SMALL, E5_FOLDER)])
def test_threads_share_one_embedder(spec: Any, folder: Path) -> None:
    fresh = LocalEmbedder(spec, folder, threads=2)
    texts = [f"Loaf number {number} weighs {number * 100} grams." for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: fresh.embed([text])[0], texts))
    assert np.allclose(np.stack(vectors), fresh.embed(texts), atol=1e-6)


def test_nothing_of_the_model_is_there_before_the_first_text() -> None:
    """A server builds its embedder before it forks; a process that inherits the model's threads aborts at its end."""
    code = """if True:
        import sys
        from rag_ask.api import serve
        from rag_ask.providers.embedders import Embedders
        from rag_ask.settings import Settings
        Embedders(Settings(database_url="", secret=b""))
        sys.exit(bool({"onnxruntime", "sentencepiece", "tokenizers"} & sys.modules.keys()))
    """
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_missing_files_name_the_remedy(tmp_path: Path) -> None:
    embedder = LocalEmbedder(E5_SMALL, tmp_path / "nothing")
    with pytest.raises(ModelMissing, match="rag-ask models get"):
        embedder.embed(["bread"])
    with pytest.raises(ModelMissing, match="local-en"):
        embedder.check_files()


def test_a_file_of_another_size_is_told(tmp_path: Path) -> None:
    for file in E5_FOLDER.iterdir():
        (tmp_path / file.name).symlink_to(file)
    LocalEmbedder(E5_SMALL, tmp_path).check_files()
    (tmp_path / "words.npy").unlink()
    (tmp_path / "words.npy").write_bytes(b"half")
    with pytest.raises(ModelMissing, match=r"words\.npy is not as it was written"):
        LocalEmbedder(E5_SMALL, tmp_path).check_files()
