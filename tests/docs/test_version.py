"""The version stands in one place, and every copy of it is the same."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = (
    "sidecar/pyproject.toml",
    "sidecar/rag_ask/api/openapi.json",
    "wordpress-plugin/blocks/ask/block.json",
    "wordpress-plugin/rag-ask.php",
    "wordpress-plugin/readme.txt",
)


def version(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts" / "version", *arguments]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def copied_to(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_every_copy_agrees() -> None:
    found = version("--check")
    assert found.returncode == 0, found.stdout


def test_each_copy_is_compared(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    project = folder / "sidecar/pyproject.toml"
    project.write_text(re.sub(r'(?m)^version = ".+"', 'version = "9.8.7"', project.read_text()))
    found = version("--check", "--root", folder)
    assert found.returncode == 1
    assert {line.split(":")[0] for line in found.stdout.splitlines()} == {*FILES} - {"sidecar/pyproject.toml"}


def test_a_new_version_is_copied_and_nothing_else_changes(tmp_path: Path) -> None:
    folder = copied_to(tmp_path)
    project = folder / "sidecar/pyproject.toml"
    before = re.search(r'(?m)^version = "(.+)"', project.read_text())
    assert before
    project.write_text(project.read_text().replace(before[0], 'version = "9.8.7"'))
    assert version("--root", folder).stdout == "9.8.7 in 5 places.\n"
    assert version("--check", "--root", folder).returncode == 0
    project.write_text(project.read_text().replace("9.8.7", before[1]))
    version("--root", folder)
    assert all((folder / name).read_bytes() == (ROOT / name).read_bytes() for name in FILES)


def test_the_changelog_of_the_plugin_has_the_version() -> None:
    readme = (ROOT / "wordpress-plugin/readme.txt").read_text(encoding="utf-8")
    stable = re.search(r"Stable tag: (\S+)", readme)
    assert stable and f"\n= {stable[1]} =\n" in readme


def test_the_installed_package_has_it() -> None:
    assert version("--check").stdout.startswith(f"{metadata.version('rag-ask')} ")
