"""The plugin's readme.txt has the form that the plugin directory reads, and names what the plugin has."""

from __future__ import annotations

import json
import re
from pathlib import Path

PLUGIN = Path(__file__).resolve().parents[2] / "wordpress-plugin"
TEXT = (PLUGIN / "readme.txt").read_text(encoding="utf-8")
HEAD, _, REST = TEXT.partition("\n\n")
SECTIONS = dict(re.findall(r"^== ([^=\n]+) ==$\n+(.*?)(?=\n== |\Z)", REST, flags=re.M | re.S))
# Those of the directory's parser.
MAX_TAGS, MAX_SHORT_CHARACTERS, MAX_SECTION_WORDS = 5, 150, 2500


def header(name: str) -> str:
    found = re.search(rf"^{name}: (.+)$", HEAD, flags=re.M)
    assert found, name
    return found[1]


def plugin_header(name: str) -> str:
    found = re.search(rf"^ \* {name}: +(.+)$", (PLUGIN / "rag-ask.php").read_text(encoding="utf-8"), flags=re.M)
    assert found, name
    return found[1]


def test_the_head() -> None:
    assert HEAD.startswith(f"=== {plugin_header('Plugin Name')} ===\n")
    for name in ("Requires at least", "Requires PHP", "License", "License URI"):
        assert header(name) == plugin_header(name)
    assert re.fullmatch(r"\d+\.\d+", header("Tested up to"))
    assert re.fullmatch(r"[a-z0-9]+(, [a-z0-9]+)*", header("Contributors"))
    assert len(header("Tags").split(", ")) <= MAX_TAGS
    short = REST.split("\n\n")[0]
    assert len(short) <= MAX_SHORT_CHARACTERS
    assert short == plugin_header("Description")


def test_the_sections() -> None:
    assert list(SECTIONS) == [
        "Description",
        "Installation",
        "External services",
        "Frequently Asked Questions",
        "Screenshots",
        "Changelog",
        "Upgrade Notice",
    ]
    assert max(len(section.split()) for section in SECTIONS.values()) <= MAX_SECTION_WORDS


def test_providers_have_their_terms_and_privacy_policies() -> None:
    linked = re.compile(r"^\* (\w+): \[.*terms.*\]\(https://\S+\), \[privacy policy\]\(https://\S+\)", re.M)
    assert linked.findall(TEXT) == ["OpenAI", "Anthropic"]


def test_the_block_has_one_name() -> None:
    title = json.loads((PLUGIN / "blocks/ask/block.json").read_text(encoding="utf-8"))["title"]
    assert set(re.findall(r'the block "(.+?)"', TEXT)) == {title}
