"""Sentence stream: streamed text -> sentences and code blocks, each as soon as it is complete. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag_ask.text.sentences import sentences

FENCE = "```"
# So much of what follows decides whether a full stop was one: `7 a.m. on Mondays`.
LOOKAHEAD = 16
PROBE = 300
# A longer one is cut: what is not complete yet is read anew with each piece of a stream.
MAX_SENTENCE_CHARACTERS = 4_000
_WHITE_SPACE = re.compile(r"\s+")
# Every repetition has an end, so that a long run of one sign is read in linear time.
_END = re.compile(
    r"([.!?…]{1,8}[\"'”’»)*_]{0,3})(?: ?\[\d{1,3}\]){0,40}\s{1,40}|([。！？]{1,8}[」』）]{0,3})(?:\[\d{1,3}\]){0,40}"
)


@dataclass(frozen=True)
class Statement:
    """A sentence, or a piece of code with its fences. gap: the white space before it."""

    text: str
    gap: str
    is_code: bool = False


class Statements:
    """Cuts a text. Feeding it in any pieces gives the same as feeding it whole."""

    def __init__(self) -> None:
        # Cut up to `_start`; no sentence and no code ends before `_seen` characters after that.
        self._text = ""
        self._start = self._seen = 0
        self._gap: list[str] = []
        self._is_code = False

    def feed(self, delta: str) -> Iterator[Statement]:
        """Yield what is complete by now."""
        self._text, self._start = self._text[self._start :] + delta, 0
        yield from self._complete(is_end=False)

    def close(self) -> Iterator[Statement]:
        """Yield the rest."""
        yield from self._complete(is_end=True)

    def _complete(self, is_end: bool) -> Iterator[Statement]:
        while True:
            if not self._is_code:
                self._take_white_space()
            size = self._code_end(is_end) if self._is_code else self._prose_end(is_end)
            if size is None:
                return
            piece = self._text[self._start : self._start + size]
            self._start, self._seen = self._start + size, 0
            if text := piece.strip():
                gap = "".join(self._gap) + piece[: len(piece) - len(piece.lstrip())]
                yield Statement(text, gap, self._is_code)
                self._gap = [piece[len(piece.rstrip()) :]]
            else:
                self._gap.append(piece)
            self._is_code = not self._is_code and self._text.startswith(FENCE, self._start)

    def _take_white_space(self) -> None:
        """At once, for line by line a long run of empty lines takes quadratic time."""
        if found := _WHITE_SPACE.match(self._text, self._start):
            self._gap.append(found[0])
            self._start, self._seen = found.end(), 0

    def _code_end(self, is_end: bool) -> int | None:
        end = self._text.find(FENCE, self._start + max(self._seen, len(FENCE)))
        if end >= 0:
            return end + len(FENCE) - self._start
        size = len(self._text) - self._start
        self._seen = size - len(FENCE) + 1
        return size if is_end and size else None

    def _prose_end(self, is_end: bool) -> int | None:
        """The size of the next sentence, line, or stretch of prose before code; never 0 but where code begins."""
        # A fence that begins in the window is seen whole.
        window = self._text[self._start : self._start + MAX_SENTENCE_CHARACTERS + len(FENCE) - 1]
        is_full = len(window) == MAX_SENTENCE_CHARACTERS + len(FENCE) - 1
        fence, line = window.find(FENCE), window.find("\n", 0, MAX_SENTENCE_CHARACTERS)
        stop = min((n for n in (fence, line + 1 if line >= 0 else -1) if n >= 0), default=-1)
        region = window[: MAX_SENTENCE_CHARACTERS if stop < 0 else stop]
        is_whole = is_end or is_full or stop >= 0
        for match in _END.finditer(region, self._seen):
            if not is_whole and match.end() + LOOKAHEAD > len(region):
                self._seen = max(self._seen, match.start())
                return None
            if match.end() < len(region) and _ends_sentence(region, match):
                return match.end()
        if is_whole and (region or stop == 0):
            return len(region)
        # A run of closing signs or markers may still grow, but never beyond this.
        self._seen = max(self._seen, len(region) - PROBE)
        return None


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    stop_end = match.end(1) if match[1] else match.end(2)
    before = text[max(0, stop_end - PROBE) : stop_end]
    gap = " " if match[1] else ""
    after = text[match.end() : match.end() + LOOKAHEAD]
    reached = 0
    for sentence in sentences(f"{before}{gap}{after}"):
        reached += len(sentence)
        if reached >= len(before):
            return reached <= len(before) + len(gap)
    return False
