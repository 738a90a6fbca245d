"""Sentences: a line of text -> its sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

# sentencex needs quadratic time for text that is not ASCII.
WINDOW_CHARACTERS = 2_000

_ONLY_NUMBER = re.compile(r"\s*\(?[0-9]{1,3}[.)]\s*")


def sentences(line: str) -> Iterator[str]:
    """Yield the sentences of one line, each with the space after it; joined they are the line again.

    The rules are those for English, which know the full stops of other scripts too.
    """
    pending = ""
    for piece in _segments(line):
        if pending and _is_split_wrongly(pending, piece):
            pending += piece
            continue
        if pending:
            yield pending
        pending = piece
    if pending:
        yield pending


def _segments(line: str) -> Iterator[str]:
    rest = ""
    for start in range(0, len(line), WINDOW_CHARACTERS):
        window = rest + line[start : start + WINDOW_CHARACTERS]
        segments = list(sentencex.segment("en", window))
        # The last one may go on in the next window; what is longer than that has no end worth looking for.
        rest = segments.pop() if len(segments[-1]) < WINDOW_CHARACTERS else ""
        yield from segments
    if rest:
        yield rest


def _is_split_wrongly(before: str, after: str) -> bool:
    """A number of a list, or a text that goes on in small letters or with a dash: `Sun. and Mon.`, `Mon.–Fri.`"""
    first = after.lstrip()[:1]
    return _ONLY_NUMBER.fullmatch(before) is not None or first.islower() or first in ("-", "–", "—")
