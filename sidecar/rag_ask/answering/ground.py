"""Ground: passages -> numbered sources and the messages for the model. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rag_ask.passage import Passage, Source
from rag_ask.providers.prompt import new_code, numbered, prompt, shown
from rag_ask.text.invisible import one_line
from rag_ask.text.language import NAMES, detect, words

PRIVATE_RUN_WORDS = 6


@dataclass(frozen=True)
class Grounding:
    """What an answer may be made of. weights: what each term of the question weighs, by its dimension."""

    question: str
    sources: tuple[Source, ...]
    messages: tuple[dict[str, str], ...]
    # The random marker of this request.
    code: str = ""
    weights: Mapping[int, float] = field(default_factory=dict)


def ground(question: str, passages: Sequence[Passage], weights: Mapping[int, float] | None = None) -> Grounding:
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
    return Grounding(question, sources, messages, code, weights or {})


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
