"""Prompts: their texts, and sources as a model reads them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag_ask.passage import Passage, Source
from rag_ask.text.invisible import one_line, strip_invisible

PROMPTS = Path(__file__).parent / "prompts"


def numbered(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The passages as sources, from 1 on."""
    return tuple(Source(number, passage) for number, passage in enumerate(passages, start=1))


def new_code() -> str:
    """A random marker. Nobody who writes a post can know it, so no text can end its own source."""
    return secrets.token_hex(8)


def shown(sources: Sequence[Source], code: str) -> str:
    """The sources as a model sees them."""
    return "\n\n".join(_shown(source, code) for source in sources)


def _shown(source: Source, code: str) -> str:
    passage = source.passage
    lines = [f"--- source [{source.number}] {code}", f"Title: {one_line(passage.title)}"]
    if passage.heading_path:
        lines.append(f"Section: {one_line(passage.heading)}")
    return "\n".join([*lines, strip_invisible(passage.text), f"--- end of source {code}"])


@cache
def prompt(name: str) -> str:
    """The text of a prompt."""
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


@cache
def prompt_version() -> str:
    """Changes whenever a prompt does: what was written by another prompt is another answer."""
    texts = (path.name + "\0" + path.read_text(encoding="utf-8") for path in sorted(PROMPTS.glob("*.md")))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
