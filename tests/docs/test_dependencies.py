"""The tables of docs/developers/dependencies.md are what pyproject.toml and package.json ask for."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/developers/dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "sidecar/pyproject.toml").read_text(encoding="utf-8"))["project"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names(cell: str) -> list[str]:
    return cell.split(", ")


def package(requirement: str) -> str:
    """The name in a requirement such as `flask-limiter[redis]>=4.1`."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return found[0]


def test_the_sidecar() -> None:
    documented = [name for cell, _ in rows("The sidecar") for name in names(cell)]
    assert sorted(documented) == sorted(map(package, PROJECT["dependencies"]))


def test_the_extras() -> None:
    documented = [(extra.strip("`"), name) for extra, cell, _ in rows("Extras of the sidecar") for name in names(cell)]
    wanted = [
        (extra, package(requirement))
        for extra, requirements in PROJECT["optional-dependencies"].items()
        for requirement in requirements
    ]
    assert sorted(documented) == sorted(wanted)


def test_node() -> None:
    documented = [name for cell, _ in rows("Node, for development only") for name in names(cell)]
    assert sorted(documented) == sorted(json.loads((ROOT / "package.json").read_text())["devDependencies"])


def test_every_one_has_a_reason() -> None:
    for heading in ("The sidecar", "Extras of the sidecar", "Node, for development only"):
        assert all(len(row[-1]) > 3 for row in rows(heading))
