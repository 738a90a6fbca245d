"""Ground: passages -> numbered sources and the messages for the model. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from rag_ask.passage import Passage, Source
from rag_ask.providers.prompt import new_code, numbered, prompt, shown
from rag_ask.text.invisible import one_line
from rag_ask.text.language import detect, english_name, words

PRIVATE_RUN_WORDS = 6


@dataclass(frozen=True)
class Grounding:
    """What an answer may be made of. weights: what each term of the question weighs, by its dimension.

    expected: the languages (BCP 47) of the page that the question was asked on and of the passages.
    """

    question: str
    sources: tuple[Source, ...]
    # The random marker of this request.
    code: str = ""
    weights: Mapping[int, float] = field(default_factory=dict)
    expected: tuple[str, ...] = ()

    @cached_property
    def language(self) -> str:
        """The code of the question's language, "" where it is not plain. Not guessed for quotes, which need none."""
        return detect(one_line(self.question), self.expected)

    @cached_property
    def messages(self) -> tuple[dict[str, str], ...]:
        """For the model. Without sources there are none: nothing can be said."""
        if not self.sources:
            return ()
        language = english_name(self.language) or "the language of the question"
        asked = f"Question: {one_line(self.question)}\nAnswer in {language}."
        return (
            {"role": "system", "content": prompt("answer")},
            {"role": "user", "content": f"{shown(self.sources, self.code)}\n\n{asked}"},
        )


def ground(
    question: str, passages: Sequence[Passage], weights: Mapping[int, float] | None = None, page_language: str = ""
) -> Grounding:
    """Number the passages from 1. page_language: of the page that the question was asked on (BCP 47), or ""."""
    expected = dict.fromkeys((page_language, *(passage.language for passage in passages)))
    return Grounding(question, numbered(passages), new_code(), weights or {}, tuple(filter(None, expected)))


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
