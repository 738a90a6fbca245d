"""Follow-up: a question in its conversation -> one that stands alone, by the model or from the words before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag_ask.answering.conversation import Turn
from rag_ask.messages import MAX_QUESTION_CHARACTERS
from rag_ask.providers.prompt import prompt
from rag_ask.text.invisible import first_line, one_line
from rag_ask.text.language import code_of, content_words, words

MAX_OUTPUT_TOKENS = 120
REWRITE_TIMEOUT_S = 5.0

Complete = Callable[[Sequence[dict[str, str]], int, float], str | None]


def nothing(*_: object) -> None:
    """What a model writes that is not there."""


def rewritten(question: str, turns: Sequence[Turn], complete: Complete) -> str:
    """The question as the model writes it without the turns before it; "" where no model may or can.

    complete: messages, a limit of tokens and of seconds -> the model's text, or None.
    """
    if not turns:
        return ""
    return _question_in(complete(_messages(question, turns), MAX_OUTPUT_TOKENS, REWRITE_TIMEOUT_S))


def question_before(turns: Sequence[Turn]) -> str:
    """The question that the next one may lean on: the last one that had an answer."""
    return next((turn.question for turn in reversed(turns) if turn.answer), turns[-1].question if turns else "")


def with_terms(question: str, before: str, language: str) -> str:
    """The question followed by the words of the one before that carry content. language: of the page (BCP 47)."""
    said = set(words(question))
    kept = [word for word in content_words(before, code_of(language)) if word not in said]
    extended = f"{question} ({' '.join(kept)})" if kept else question
    return extended if len(extended) <= MAX_QUESTION_CHARACTERS else question


def _messages(question: str, turns: Sequence[Turn]) -> tuple[dict[str, str], ...]:
    earlier = "\n".join(
        f"Question: {one_line(turn.question)}\nAnswer: {one_line(turn.answer) or '(none)'}" for turn in turns
    )
    return (
        {"role": "system", "content": prompt("rewrite")},
        {"role": "user", "content": f"{earlier}\n\nLast question: {one_line(question)}"},
    )


def _question_in(written: str | None) -> str:
    """The first line of what the model wrote, if it can be a question."""
    line = first_line(written or "", MAX_QUESTION_CHARACTERS)
    return line.removeprefix("Last question:").strip(" \"'“”„`*")
