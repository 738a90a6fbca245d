"""`rag-ask models get --from-hub`: a model as its makers publish it, from a hub on this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from sidecar_processes import COMMAND

from fakes import onnx_model
from fakes.hub_server import HubServer
from rag_ask.providers.embed import files, onnx_folder
from rag_ask.providers.embed.local import LocalEmbedder

E5 = "intfloat/multilingual-e5-small"


def get(models: Path, hub: HubServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "RAG_ASK_MODELS_DIR": str(models),
        "RAG_ASK_HUB_URL": hub.url,
        "HF_HUB_DISABLE_XET": "1",
    }
    command = [COMMAND, "models", "get", "--from-hub", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return onnx_model.write(tmp_path / "published")


def test_the_makers_own_files_with_the_prefixes_of_their_page(tmp_path: Path, published: Path) -> None:
    with HubServer(E5, published) as hub:
        done = get(tmp_path / "models", hub)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "models" / "intfloat--multilingual-e5-small"
    assert f"RAG_ASK_EMBEDDER=onnx:{folder}" in done.stdout
    spec = onnx_folder.spec_of(folder)
    assert (spec.question_prefix, spec.passage_prefix, spec.cosine_floor) == ("query: ", "passage: ", 0.7)
    files.check(folder, reads_all=True)
    assert LocalEmbedder(spec, folder).embed(["bread"]).shape == (1, 3)
    assert [path.name for path in folder.parent.iterdir() if path != folder] == [".lock"]


def test_any_other_repository(tmp_path: Path, published: Path) -> None:
    with HubServer("makers/tiny", published) as hub:
        done = get(tmp_path / "models", hub, "makers/tiny")
        again = get(tmp_path / "models", hub, "makers/tiny")
    assert done.returncode == again.returncode == 0, done.stderr
    assert "there already" in again.stdout
    assert not (tmp_path / "models" / "makers--tiny" / "embedder.json").exists()


@pytest.mark.parametrize(
    ("repository", "cuts", "problem"),
    [
        ("makers/other", "", "makers/other"),
        ("makers/tiny", "onnx/model.onnx", "onnx/model.onnx was not downloaded"),
    ],
)
def test_what_fails_leaves_nothing(tmp_path: Path, published: Path, repository: str, cuts: str, problem: str) -> None:
    with HubServer("makers/tiny", published, cuts) as hub:
        failed = get(tmp_path / "models", hub, repository)
    assert failed.returncode == 1
    assert problem in failed.stderr
    assert "Traceback" not in failed.stderr
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_a_repository_without_an_onnx_file(tmp_path: Path, published: Path) -> None:
    (published / "onnx" / "model.onnx").unlink()
    with HubServer("makers/tiny", published) as hub:
        failed = get(tmp_path / "models", hub, "makers/tiny")
    assert failed.returncode == 1
    assert "makers/tiny has no onnx/model.onnx" in failed.stderr
