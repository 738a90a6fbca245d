"""Every relative link of a Markdown file leads to a file, and to a heading of it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
).stdout.splitlines()
# A file that was moved is listed until the move is committed.
PAGES = [ROOT / name for name in LISTED if (ROOT / name).exists() and not name.startswith("sidecar/")]
MARKDOWN = MarkdownIt().enable("table")


def targets(text: str) -> list[str]:
    """The relative addresses of links and pictures."""
    tokens = [child for token in MARKDOWN.parse(text) for child in token.children or []]
    found = [str(token.attrGet("href") or token.attrGet("src") or "") for token in tokens]
    return [address for address in found if address and not re.match(r"[a-z]+:", address)]


def anchors(text: str) -> set[str]:
    """The headings as GitHub names them in addresses."""
    tokens = MARKDOWN.parse(text)
    headings = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", visible(heading).lower()).replace(" ", "-") for heading in headings}


def visible(heading: Token) -> str:
    return "".join(child.content for child in heading.children or [])


def broken(page: Path) -> list[str]:
    wrong = []
    for address in targets(page.read_text(encoding="utf-8")):
        name, _, anchor = unquote(address).partition("#")
        target = page.parent / name if name else page
        known = anchor in anchors(target.read_text(encoding="utf-8")) if anchor and target.is_file() else not anchor
        if not target.exists() or not known:
            wrong.append(address)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_every_page_of_the_docs_is_linked() -> None:
    linked = {
        (page.parent / unquote(address).partition("#")[0]).resolve()
        for page in PAGES
        for address in targets(page.read_text(encoding="utf-8"))
    }
    orphans = [page for page in PAGES if "docs" in page.relative_to(ROOT).parts and page not in linked]
    assert orphans == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A heading\n\n[a](gone.md) ![b](gone.png) [c](#a-heading) [d](#gone) [e](https://x.test) [f](page.md)"
    )
    assert broken(page) == ["gone.md", "gone.png", "#gone"]


def test_the_readme_is_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    # `scripts/bench --readme` writes a table of its own.
    prose = re.sub(r"<!-- scripts/bench .*<!-- /scripts/bench -->\n", "", text, flags=re.S)
    assert prose != text
    assert len(prose.splitlines()) <= 100
