"""Files of the local models: where they lie, and whether they are whole."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from rag_ask.errors import ModelMissing

IN_PACKAGE = Path(__file__).parent / "model"
E5_SMALL = "multilingual-e5-small"
# Name of each file of a model -> its size and SHA-256.
MANIFEST = "files.json"


def models_folder(setting: str) -> Path:
    """Where `rag-ask models get` puts models: as set, else a cache folder of this user."""
    if setting:
        return Path(setting)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "rag-ask" / "models"


def write_manifest(folder: Path) -> None:
    """Note size and SHA-256 of every file below the folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": sha256_of(path)} for path in files}
    (folder / MANIFEST).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def check(folder: Path, *, reads_all: bool = False) -> None:
    """Compare the files with their manifest: by size, or by SHA-256, which reads them. Raises ModelMissing."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        wrong = [name for name, noted in manifest.items() if not _is_as_noted(folder / name, noted, reads_all)]
    except (OSError, ValueError) as error:
        raise ModelMissing(folder, f"{MANIFEST} is missing, or not readable") from error
    if wrong:
        raise ModelMissing(folder, f"{wrong[0]} is not as it was written")


def find(folder: Path, name: str) -> Path:
    """A file of a model, beside the others or in `onnx/`. Raises ModelMissing."""
    for path in (folder / name, folder / "onnx" / name):
        if path.exists():
            return path
    raise ModelMissing(folder, f"it has no {name}")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_as_noted(path: Path, noted: dict[str, object], reads_all: bool) -> bool:
    return (
        path.is_file()
        and path.stat().st_size == noted["bytes"]
        and (not reads_all or sha256_of(path) == noted["sha256"])
    )
