"""Every path that the docs name is there, and every file of the two lines is named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md")),
    ROOT / "tests/contract/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Where the paths of the docs begin.
BASES = [ROOT, ROOT / "sidecar/rag_ask", ROOT / "wordpress-plugin/includes", ROOT / "tests/contract"]
# The rooms that a push and a question pass through.
LINES = [
    *(ROOT / "sidecar/rag_ask" / room for room in ("indexing", "retrieval", "answering")),
    *(ROOT / "wordpress-plugin/includes" / room for room in ("watch", "content", "push")),
]
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")} - {"build"}
SUFFIXES = ("py", "php", "js", "mjs", "md", "json", "svg", "sql", "css", "toml", "yml", "neon")
PATH = re.compile(rf"[\w.-]+(/[\w.-]+)*(/|\.({'|'.join(SUFFIXES)}))|({'|'.join(TOP)})/[\w./-]+")
# Files of a user, a site or a build; all others are ours.
FOREIGN = {"README.md", "build/", "config.json", "wp-config.php"}
# Of a folder of sentence-transformers.
FOREIGN |= {"tokenizer.json", "1_Pooling/config.json", "config_sentence_transformers.json", "embedder.json"}


def paths(text: str) -> Iterator[str]:
    """What looks like a path of this repository: the first word in backticks, and the words of indented blocks."""
    without_fences = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    blocks = " ".join(re.findall(r"^    (.+)$", without_fences, flags=re.M))
    typed = [word for word in blocks.split() if word.split("/")[0] in TOP]
    for name in [*(quoted.split()[0] for quoted in re.findall(r"`([^`\n]+)`", without_fences)), *typed]:
        if PATH.fullmatch(name) and name not in FOREIGN:
            yield name


def exists(name: str) -> bool:
    return any((base / name).exists() for base in BASES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_is_there(page: Path) -> None:
    assert [name for name in paths(page.read_text(encoding="utf-8")) if not exists(name)] == []


def test_a_path_that_is_gone_is_seen() -> None:
    text = "`answering/gone.py` `gone.py` `scripts/gone x` `text/` `scripts/up --help` `a/b` `/v1/ask` `index.*`"
    assert [name for name in paths(text) if not exists(name)] == ["answering/gone.py", "gone.py", "scripts/gone"]
    block = "    pytest tests/gone.py tests/contract/"
    assert [name for name in paths(block) if not exists(name)] == ["tests/gone.py"]


def test_every_file_of_the_two_lines_is_named() -> None:
    named = {
        next(path for base in BASES if (path := base / name).exists())
        for page in PAGES
        for name in paths(page.read_text(encoding="utf-8"))
        if exists(name)
    }
    files = {path for room in LINES for path in room.rglob("*.p*") if path.suffix in (".py", ".php")}
    files = {path for path in files if path.name not in ("__init__.py", "index.php")}
    unnamed = sorted(str(path.relative_to(ROOT)) for path in files - named)
    assert unnamed == [], "give each of them its line in a table of docs/developers/"
    assert len(files) > 40


def test_the_tables_of_the_readme_follow_the_two_lines() -> None:
    """Each row is a step of the line above its table, in the order of the line."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for kind in ("WRITE", "READ"):
        line, table = readme.split(f"\n    {kind} ")[1].split("\n\n", 2)[:2]
        steps = [step.strip() for step in line.split("->")]
        rows = [row.split("|")[1].strip() for row in table.splitlines()[2:]]
        assert rows == [step for step in steps if step != "question"]


def test_the_rooms_are_those_of_the_contract() -> None:
    project = tomllib.loads((ROOT / "sidecar/pyproject.toml").read_text(encoding="utf-8"))
    layers = " > ".join(project["tool"]["importlinter"]["contracts"][0]["layers"])
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert layers in re.sub(r"\s+", " ", architecture)
