"""Reasoning: remove what a model thinks aloud from its streamed text. Pure, linear time.

Servers without a reasoning parser send it as content, between marks that depend on the model.
"""

from __future__ import annotations

import re

_NAME = r"(?:seed:)?(?:think|thinking|thoughts?|reason|reasoning|reflection|analysis|scratchpad)"
# A mark between backticks is spoken of.
_OPENS = re.compile(
    rf"(?<!`)<{_NAME}(?:\s[^<>]{{0,40}})?>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|channel\|?>", re.IGNORECASE
)
_CLOSES = re.compile(
    rf"(?<!`)</{_NAME}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<channel\|>"
    r"|<\|channel\|>\s?final[^<>]{0,40}<\|message\|>",
    re.IGNORECASE,
)
# What gpt-oss writes when a server leaves out its special tokens.
_BARE_OPENS, _BARE_CLOSES = re.compile(r"analysis(?=[A-Z])"), re.compile("assistantfinal")
_CONTROL = re.compile(r"<\|(?:start|end|return|message|begin_of_solution|end_of_solution|im_end)\|>(?:assistant\b)?")
MAX_MARK_CHARACTERS = 80
_BEGUN = re.compile(r"(?:`?[<\[◁][^\]▷\n]{0,78}|`)\Z")


class ReasoningFilter:
    """Lets through what is not reasoning. Feeding a text in any pieces gives the same as feeding it whole.

    is_open: the text begins with reasoning, as chat templates do that end in the opening mark. closed_unopened: it did
    so, and said it too late for what had been let through.
    """

    def __init__(self, is_open: bool = False) -> None:
        self.closed_unopened = False
        self._is_open = self._may_be_answer = is_open
        self._closes = _CLOSES
        self._is_start = True
        self._held = ""
        # Of a text that may be reasoning or an answer: what no mark begins in.
        self._kept: list[str] = []

    def feed(self, delta: str) -> str:
        """Return what is settled by now."""
        self._held += delta
        if self._is_start and not self._is_open:
            self._held = self._held.lstrip()
            if len(self._held) <= len("analysis") and "analysis".startswith(self._held):
                return ""
            if _BARE_OPENS.match(self._held):
                self._is_open, self._closes = True, _BARE_CLOSES
        self._is_start = False
        shown = []
        while (piece := self._next()) is not None:
            shown.append(piece)
        return "".join(shown)

    def close(self, is_cut: bool = False) -> str:
        """Return the rest. What nobody closed is an answer only when it may be one and was not cut off."""
        rest = "".join([*self._kept, self._held])
        is_answer = self._may_be_answer and not is_cut if self._is_open else True
        return _CONTROL.sub("", rest) if is_answer else ""

    def _next(self) -> str | None:
        """The text before the next mark; None when more has to come."""
        return self._inside() if self._is_open else self._outside()

    def _inside(self) -> str | None:
        if found := self._closes.search(self._held):
            self._held = self._held[found.end() :]
            self._is_open = self._may_be_answer = False
            self._closes = _CLOSES
            return ""
        if self._may_be_answer:
            self._kept.append(self._held[:-MAX_MARK_CHARACTERS])
        self._held = self._held[-MAX_MARK_CHARACTERS:]
        return None

    def _outside(self) -> str | None:
        opened, closed = _OPENS.search(self._held), _CLOSES.search(self._held)
        if closed and (opened is None or closed.start() < opened.start()):
            self.closed_unopened = True
            text, self._held = self._held[: closed.start()], self._held[closed.end() :]
            # What waits for a marker ends with its paragraph.
            return _CONTROL.sub("", f"{text}\n\n")
        if opened:
            text = self._held[: opened.start()]
            # `<|channel|>final` opens and closes.
            self._held, self._is_open = self._held[opened.start() :], True
            return _CONTROL.sub("", text)
        begun = _BEGUN.search(self._held)
        end = begun.start() if begun else len(self._held)
        text, self._held = self._held[:end], self._held[end:]
        return _CONTROL.sub("", text) if text else None
