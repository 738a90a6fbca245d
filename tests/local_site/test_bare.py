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
    assert isinstance(command.run(command.Suite("look", [sys.executable, "-c", f"{LOOK}\nraise SystemExit(3)"])), list)
    seen = json.loads(capfd.readouterr().out.split(" | ", 1)[1])[0]
    assert not Path(seen["HOME"]).exists()


@pytest.mark.parametrize(
    "line",
    [
        "FAILED tests/faults/test_faults.py::test_x - AssertionError: 3 of 5",
        "ERROR tests/sidecar/test_x.py",
        "    not ok 3 - the box answers",
        "1) RagAsk\\Tests\\OutboxTest::test_x",
    ],
)
def test_what_failed_is_told_again_at_the_end(
    command: ModuleType, capfd: pytest.CaptureFixture[str], line: str
) -> None:
    program = f"print({line!r}); print('much else\\n' * 100); raise SystemExit(1)"
    failed = command.run(command.Suite("played", [sys.executable, "-c", program]))
    capfd.readouterr()
    assert command.summary({"played": failed, "other": 7}, 61) == 1
    assert capfd.readouterr().out.splitlines()[1:] == [
        f"    played | {line}",
        "FAILED: played. Passed: 7 other. 1 min 1 s.",
    ]


def test_a_runner_that_ran_nothing_has_not_passed(command: ModuleType, capfd: pytest.CaptureFixture[str]) -> None:
    suite = command.Suite("played", [sys.executable, "-c", "print('0 passed')"], command.PYTEST_PASSED)
    assert command.summary({"played": command.run(suite)}, 1) == 1
    assert "No test ran." in capfd.readouterr().out


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
