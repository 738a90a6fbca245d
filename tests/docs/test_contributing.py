"""What GitHub and editors read: the files parse, and what they name is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml"))


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))["jobs"]
    return found


@pytest.mark.parametrize("name", ["ubuntu", "debian"])
def test_the_workflow_runs_every_test(jobs: dict[str, Any], name: str) -> None:
    assert "scripts/test" in [step.get("run") for step in jobs[name]["steps"]]
    assert jobs[name]["timeout-minutes"] <= 90


def test_the_workflow_has_the_versions_of_the_readme(jobs: dict[str, Any]) -> None:
    settings = {key: value for step in jobs["ubuntu"]["steps"] for key, value in step.get("with", {}).items()}
    assert settings == {"python-version": "3.11", "node-version": 20}
    assert jobs["debian"]["container"].startswith("node:20-bookworm")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_complete(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 3
    assert all(part["attributes"].get("label") or part["type"] == "markdown" for part in form["body"])


def test_there_are_issue_forms() -> None:
    assert {path.stem for path in FORMS} == {"answer", "bug", "idea"}


def test_the_container_starts_with_a_command_that_exists() -> None:
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert (ROOT / container["postCreateCommand"].split()[0]).exists()
    assert container["forwardPorts"] == [8787, 8888]
