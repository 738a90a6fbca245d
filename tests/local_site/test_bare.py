"""Suites see nothing of an earlier run: their home, temporary folder, state and caches are new and go again."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from local_site import bare

TEST_COMMAND = Path(__file__).parents[2] / "scripts" / "test"
# What a suite sees: its environment, the files of its home, the folder and the mask of what it writes.
LOOK = """
import json, os, pathlib, tempfile
home = pathlib.Path.home()
files = sorted(str(file.relative_to(home)) for file in home.rglob("*") if file.is_file())
print(json.dumps([dict(os.environ), files, os.listdir(tempfile.gettempdir()), os.umask(0)]))
"""


@pytest.fixture(scope="module")
def command() -> ModuleType:
    """`scripts/test`, which has no ending, as a module."""
    loader = importlib.machinery.SourceFileLoader("scripts_test", str(TEST_COMMAND))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks itself up there.
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of somebody who has run the project before, and has set where packages come from."""
    for file in (".npmrc", "config/pip/pip.conf", ".cache/pip/wheel", ".npm/tarball", ".local/state/rag-ask"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"# {file}")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CACHE", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("NPM_CONFIG_CACHE", str(tmp_path / ".npm"))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / ".cache"))
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    return tmp_path


def test_a_suite_finds_nothing_but_the_configuration_of_the_tools(
    command: ModuleType, person: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command.run(command.Suite("look", [sys.executable, "-c", LOOK])) == 0
    seen, files, temporary, _ = json.loads(capfd.readouterr().out.split(" | ", 1)[1])
    assert files == [".config/pip/pip.conf", ".npmrc"]
    assert temporary == []
    assert not [name for name, value in seen.items() if value.startswith(str(person)) and name != "PWD"]
    assert seen["PIP_INDEX_URL"] == "https://packages.example/simple"
    assert not Path(seen["HOME"]).exists()
    assert not Path(seen["TMPDIR"]).exists()


def test_the_folders_go_also_when_a_suite_fails(
    command: ModuleType, person: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command.run(command.Suite("look", [sys.executable, "-c", f"{LOOK}\nraise SystemExit(3)"])) is None
    seen = json.loads(capfd.readouterr().out.split(" | ", 1)[1])[0]
    assert not Path(seen["HOME"]).exists()


def test_packages_are_installed_without_the_caches_of_earlier_runs(person: Path) -> None:
    before = dict(os.environ)
    with bare.process():
        inside = dict(os.environ)
    assert os.environ == before
    assert not [name for name, value in inside.items() if value.startswith(str(person))]


def test_any_user_of_the_machine_reaches_the_temporary_folder() -> None:
    """Postgres runs as one of its own, and writes there as it does in /tmp."""
    with bare.environment() as environment:
        temporary = Path(environment["TMPDIR"])
        assert temporary.stat().st_mode & 0o7777 == 0o1777
        assert temporary.parent.stat().st_mode & 0o7777 == 0o755
        assert Path(environment["HOME"]).stat().st_mode & 0o7777 == 0o700


def test_fast_is_lint_and_the_unit_tests(command: ModuleType) -> None:
    fast = command.suites_of(["fast", "lint"])
    assert fast == ["lint", "python-unit", "php-unit", "javascript"]
    assert not [name for name in fast if command.SUITES[name].needs_site]
    assert command.suites_of([]) == ["lint", "browser", "faults", "python", "php", "javascript"]
