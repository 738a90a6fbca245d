"""Any sentence-transformers folder: its prompts, pooling and longest text, read from its own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fakes import onnx_model
from rag_ask.errors import ModelMissing
from rag_ask.providers import models
from rag_ask.providers.embed import files, onnx_folder
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.settings import Settings

CLS = {"word_embedding_dimension": 3, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
PROMPTS = {"prompts": {"query": "ask: ", "document": "tell: "}, "default_prompt_name": None}


def embedder(folder: Path) -> LocalEmbedder:
    return LocalEmbedder(onnx_folder.spec_of(folder), folder, threads=1)


def test_the_mean_of_the_words(tmp_path: Path) -> None:
    (vector,) = embedder(onnx_model.write(tmp_path / "m")).embed(["bread butter"])
    assert vector == pytest.approx([0.5**0.5, 0.5**0.5, 0])


@pytest.mark.parametrize(
    ("pooling", "vector"),
    [
        (CLS, [1, 0, 0]),
        ({"pooling_mode": "cls", "word_embedding_dimension": 3}, [1, 0, 0]),
        ({"pooling_mode_lasttoken": True, "word_embedding_dimension": 3}, [0, 1, 0]),
        ({"pooling_mode_max_tokens": True, "word_embedding_dimension": 3}, [0.5**0.5, 0.5**0.5, 0]),
    ],
)
def test_other_poolings(tmp_path: Path, pooling: dict[str, Any], vector: list[float]) -> None:
    made = embedder(onnx_model.write(tmp_path / "m", **{"1_Pooling__config": pooling}))
    assert made.embed(["bread butter"])[0] == pytest.approx(vector)


def test_prompts_before_questions_and_passages(tmp_path: Path) -> None:
    made = embedder(
        onnx_model.write(tmp_path / "m", **{"1_Pooling__config": CLS, "config_sentence_transformers": PROMPTS})
    )
    assert made.embed_questions(["butter"])[0] == pytest.approx([1, 0, 0])
    assert made.embed(["bread"])[0] == pytest.approx([0, 1, 0])


def test_a_file_of_ones_own_wins(tmp_path: Path) -> None:
    own = {"question_prefix": "tell: ", "pooling": "cls", "cosine_floor": 0.7, "max_tokens": 1}
    made = embedder(onnx_model.write(tmp_path / "m", config_sentence_transformers=PROMPTS, embedder=own))
    assert made.embed_questions(["bread"])[0] == pytest.approx([0, 1, 0])
    assert made.spec.passage_prefix == "tell: "
    assert (made.cosine_floor, made.spec.max_tokens) == (0.7, 1)


def test_long_texts_are_cut_at_what_the_model_reads(tmp_path: Path) -> None:
    made = embedder(onnx_model.write(tmp_path / "m", sentence_bert_config={"max_seq_length": 2}))
    assert made.embed(["bread bread butter butter"])[0] == pytest.approx([1, 0, 0])


def test_the_name_says_which_space_it_is(tmp_path: Path) -> None:
    one = onnx_folder.spec_of(onnx_model.write(tmp_path / "a" / "my model"))
    same = onnx_folder.spec_of(onnx_model.write(tmp_path / "b" / "my model"))
    other = onnx_folder.spec_of(onnx_model.write(tmp_path / "c" / "my model", embedder={"passage_prefix": "tell: "}))
    assert one.name.startswith("onnx/my-model-")
    assert one.name.endswith("/3")
    assert one.name == same.name != other.name


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"1_Pooling__config": None}, "does not say how to pool"),
        ({"1_Pooling__config": {"pooling_mode_weightedmean_tokens": True}}, "does not say how to pool"),
        ({"tokenizer": None}, r"no tokenizer\.json"),
        ({"modules": [{"type": "sentence_transformers.models.Dense"}]}, "module Dense"),
        ({"embedder": {"prefix": "x"}}, "'prefix'"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, changed: dict[str, Any], problem: str) -> None:
    folder = onnx_model.write(tmp_path / "m", **changed)
    with pytest.raises(ModelMissing, match=problem):
        onnx_folder.spec_of(folder)


def test_a_folder_without_a_model_stops_at_once(tmp_path: Path) -> None:
    settings = Settings(database_url="", secret=b"", embedder=f"onnx:{tmp_path}")
    with pytest.raises(ModelMissing, match=r"no model\.onnx"):
        models.embedder(settings)


def test_settings_name_the_folder(tmp_path: Path) -> None:
    folder = onnx_model.write(tmp_path / "m")
    settings = Settings(database_url="", secret=b"", embedder=f"onnx:{folder}")
    made = models.embedder(settings)
    assert made is models.embedder(settings)
    assert made.dimensions == 3


def test_models_lie_outside_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")
    assert files.models_folder("") == Path("/cache/rag-ask/models")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert files.models_folder("") == Path("/home/me/.cache/rag-ask/models")
    assert files.models_folder("/own") == Path("/own")
