"""Every command that the docs tell a person to type is there, with its options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from rag_ask.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "wordpress-plugin/readme.txt"]
WP_CLI = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "wordpress-plugin/includes/cli").glob("*.php"))


def typed(text: str) -> list[list[str]]:
    """What stands in backticks or in an indented block, as words, without comments."""
    spans = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    blocks = re.findall(r"^    (.+)$", text, flags=re.M)
    commands = [re.sub(r" +#.*| \.\.\.| \|.*", "", part.replace("\n", " ")) for part in [*spans, *blocks]]
    return [
        shlex.split(command) for command in commands if re.search(r"(^|[ /])rag-ask ", command) and "->" not in command
    ]


def unknown(words: list[str]) -> list[str]:
    """The words after `rag-ask` that are no command, or options that it has not."""
    words = words[words.index(next(word for word in words if word.rpartition("/")[2] == "rag-ask")) + 1 :]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        if name not in command.commands:
            return [name]
        command = command.commands[name]
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return [word for word in words if word.startswith("--") and word not in options]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_the_sidecar_are_there(page: Path) -> None:
    commands = [words for words in typed(page.read_text(encoding="utf-8")) if "wp" not in words]
    assert [(words, wrong) for words in commands if (wrong := unknown(words))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_the_plugin_are_there(page: Path) -> None:
    named = re.findall(r"wp rag-ask (?:index )?(\w+)", page.read_text(encoding="utf-8"))
    known = re.findall(r"public (?:static )?function (\w+)\(|@subcommand (\w+)", WP_CLI)
    assert set(named) <= {name for names in known for name in names}


def test_commands_are_found() -> None:
    found = [words for page in PAGES for words in typed(page.read_text(encoding="utf-8"))]
    assert len(found) > 40


def test_a_command_that_is_gone_is_seen() -> None:
    assert unknown(["rag-ask", "sites", "rename", "x"]) == ["rename"]
    assert unknown(["venv/bin/rag-ask", "eval", "x", "--ablation", "--stage"]) == ["--stage"]
