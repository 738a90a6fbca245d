"""What the pages for owners call a state, a switch or a button is what the plugin calls it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs/owners").glob("*.md"))
PLUGIN = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "wordpress-plugin").rglob("*")
    if path.suffix in (".php", ".js", ".json")
)


def labels(text: str) -> set[str]:
    """What is in italics; menus of WordPress and line breaks of the page aside."""
    found = {re.sub(r"\s+", " ", label) for label in re.findall(r"(?<!\*)\*([^*\n][^*]*)\*(?!\*)", text)}
    return {label for label in found if " > " not in label and "* *" not in label}


def is_shown(label: str) -> bool:
    """Whether the plugin has a text that is, or begins with, the label."""
    return re.search(rf"""['">]{re.escape(label)}\b""", PLUGIN) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_labels_are_those_of_the_plugin(page: Path) -> None:
    text = re.sub(r"^    .*$", "", page.read_text(encoding="utf-8"), flags=re.M)
    assert [label for label in sorted(labels(text)) if not is_shown(label)] == []


def test_states_are_those_of_the_plugin() -> None:
    table = (ROOT / "docs/owners/admin.md").read_text(encoding="utf-8").split("| the list or the editor says |")[1]
    rows = [line.split("|")[1].strip() for line in table.split("\n\n")[0].splitlines()[2:]]
    states = [state for row in rows for state in row.split(", ")]
    assert [state for state in states if not is_shown(state)] == []
    assert len(states) >= 6


def test_a_label_of_before_is_seen() -> None:
    assert not is_shown("Given up")
    assert labels("press *Fetch\nnow* in *Settings > RAG Ask*, **not** this") == {"Fetch now"}
