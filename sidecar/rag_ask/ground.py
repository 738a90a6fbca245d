"""Ground: passages -> numbered sources and the messages for the model. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag_ask.invisible import strip_invisible


@dataclass(frozen=True)
class Passage:
    """A retrieved chunk (or several neighbouring ones joined), best first.

    score: fused relevance in [0, 1]. heading_path: outermost heading first.
    """

    post_id: int
    title: str
    url: str
    heading_path: tuple[str, ...]
    text: str
    score: float


@dataclass(frozen=True)
class Source:
    """A passage as the model and the visitor see it: numbered from 1."""

    number: int
    passage: Passage


@dataclass(frozen=True)
class Grounding:
    """What an answer may be made of."""

    question: str
    sources: tuple[Source, ...]
    messages: tuple[dict[str, str], ...]


def ground(question: str, passages: Sequence[Passage]) -> Grounding:
    """Number the passages from 1 and write the messages. Without passages there is no message: nothing can be said."""
    sources = tuple(Source(number, passage) for number, passage in enumerate(passages, start=1))
    if not sources:
        return Grounding(question, (), ())
    # Nobody who writes a post can know the code, so no text can end its own source.
    code = secrets.token_hex(8)
    shown = "\n\n".join(_shown(source, code) for source in sources)
    messages = (
        {"role": "system", "content": _instructions()},
        {"role": "user", "content": f"{shown}\n\nQuestion: {_line(question)}"},
    )
    return Grounding(question, sources, messages)


def _shown(source: Source, code: str) -> str:
    passage = source.passage
    lines = [f"--- source [{source.number}] {code}", f"Title: {_line(passage.title)}"]
    if passage.heading_path:
        lines.append(f"Section: {_line(' > '.join(passage.heading_path))}")
    return "\n".join([*lines, strip_invisible(passage.text), f"--- end of source {code}"])


def _line(text: str) -> str:
    return " ".join(strip_invisible(text).split())


@cache
def _instructions() -> str:
    return (Path(__file__).parent / "prompts" / "answer.md").read_text(encoding="utf-8").strip()
