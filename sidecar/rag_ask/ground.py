"""Ground: passages -> numbered sources and the messages for the model. Pure."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from rag_ask.invisible import one_line, strip_invisible
from rag_ask.language import NAMES, detect, words

PROMPTS = Path(__file__).parent / "prompts"
PRIVATE_RUN_WORDS = 6


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
    modified_at: datetime | None = None

    @property
    def heading(self) -> str:
        """The headings in one line, as people read them."""
        return " > ".join(self.heading_path)


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
    # The random marker of this request.
    code: str = ""


def ground(question: str, passages: Sequence[Passage]) -> Grounding:
    """Number the passages from 1 and write the messages. Without passages there is no message: nothing can be said."""
    sources = numbered(passages)
    if not sources:
        return Grounding(question, (), ())
    code = new_code()
    language = NAMES.get(detect(question), "")
    asked = f"Question: {one_line(question)}" + (f"\nAnswer in {language}." if language else "")
    messages = (
        {"role": "system", "content": prompt("answer")},
        {"role": "user", "content": f"{shown(sources, code)}\n\n{asked}"},
    )
    return Grounding(question, sources, messages, code)


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


def is_private(grounding: Grounding) -> Callable[[str], bool]:
    """Tells the sentences that repeat the instructions, or the random marker. The examples in them are free to use."""
    runs = _runs_of_rules()

    def check(sentence: str) -> bool:
        return (bool(grounding.code) and grounding.code in sentence) or not runs.isdisjoint(_runs(sentence))

    return check


@cache
def _runs_of_rules() -> frozenset[tuple[str, ...]]:
    told = re.sub("`[^`]*`", "\0", prompt("answer"))
    return frozenset(run for part in told.split("\0") for run in _runs(part))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    said = words(text)
    return (tuple(said[start : start + PRIVATE_RUN_WORDS]) for start in range(len(said) - PRIVATE_RUN_WORDS + 1))
