"""Sentences: a line of text -> its sentences. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from rag_ask.text.stop_words import stop_words

# sentencex needs quadratic time for text that is not ASCII.
WINDOW_CHARACTERS = 2_000

# What stands before a number: `5. 12. 2026`, `Hauptstr. 5`, `Sat. 5 Dec.`
_BEFORE_NUMBER = re.compile(
    r"(?:\b[0-9]{1,2}|str|\b(?:Tel|Nr|No|Art|Abs|Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun))\.\s*$", re.IGNORECASE
)
_DAY = re.compile(r"\b[0-9]{1,2}\.\s*$")
# German writes months with a capital: `5. Dezember`.
_MONTH = re.compile(r"\s*(?:Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b")
# German ordinals: `im 1. Semester`, `der 3. und 4. Platz`, `1.–3. Klasse`.
_ORDINAL = re.compile(
    r"(?:\b(?:im|am|vom|zum|zur|beim|der|die|das|dem|den|des|jede[mnrs]?)\s|"
    r"\b[0-9]{1,2}\.\s?(?:und|oder|bis|bzw\.|[-–])\s?)[0-9]{1,2}\.\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\s*([A-ZÄÖÜ][a-zäöüß]+)")
# As much of a sentence as these patterns need.
_TAIL_CHARACTERS = 20
_ONLY_NUMBER = re.compile(r"\s*\(?[0-9]{1,3}[.)]\s*")
# What sentencex takes for an initial, for "number" or for a short month: `It weighs 980 g. The box`, `the sauna is, the
# towel no. Bring`, `It ends in May. The next`. It is looked for by its full stop, which is fast.
_MISSED_END = re.compile(
    r"\.(?:(?<=\d[a-z]\.)|(?<=\d[ \u00a0][a-z]\.)|(?<=\bno\.)|(?<=\bMay\.))\s+(?=[A-ZÀ-Þ][a-zß-ÿ])"
)


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
        for segment in segments:
            yield from _at_missed_ends(segment)
    if rest:
        yield from _at_missed_ends(rest)


def _at_missed_ends(segment: str) -> Iterator[str]:
    ends = [match.end() for match in _MISSED_END.finditer(segment)]
    return (segment[start:end] for start, end in pairwise([0, *ends, len(segment)]))


def _is_split_wrongly(before: str, after: str) -> bool:
    """A number of a list, a date, an ordinal, a text that goes on in small letters or with a dash: `Mon.–Fri.`"""
    first = after.lstrip()[:1]
    if _ONLY_NUMBER.fullmatch(before) or first.islower() or first in ("-", "–", "—"):
        return True
    tail = before[-_TAIL_CHARACTERS:]
    if first.isdigit():
        return _BEFORE_NUMBER.search(tail) is not None
    if _MONTH.match(after) and _DAY.search(tail):
        return True
    word = _WORD.match(after) if _ORDINAL.search(tail) else None
    # `Wir kommen am 15. Das ist ein Sonntag` has an end.
    return word is not None and word[1].lower() not in stop_words("de")
