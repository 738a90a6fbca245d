"""Statements: a sentence of a passage -> what it says one by one. Pure."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from rag_ask.answering.faithfulness.terms import stems
from rag_ask.text.figures import WHEN, figures

# Where one statement of a passage ends and the next begins. What "and" joins may share a subject, but not with a name.
# Thai parts its sentences by a space.
_STATEMENT_END = re.compile(
    r"[,;–—:]\s(?![^()]{0,80}\))|\s(?:but|aber|mais|pero)\s|\s(?:and|und|et|y)\s(?=[A-ZÀ-Þ]\w+\s\w+\s)|[、，،]"
    r"|(?<=[\u0e01-\u0e4e]) (?=[\u0e01-\u0e4e])"
)
_AND_AT_END = re.compile(r"\s\w{1,5}\s\Z")
_AND = {
    "en": "and|or", "de": "und|oder|sowie", "fr": "et|ou", "es": "y|e|o", "it": "e|ed|o", "nl": "en|of", "pt": "e|ou",
    "pl": "i|lub", "ru": "и|или",
}  # fmt: skip


def statements_of(sentence: str, language: str) -> list[str]:
    """The statements of a sentence. What has no word of its own, as a price in a list, belongs to the one before."""
    found: list[str] = []
    for part in filter(None, _STATEMENT_END.split(sentence)):
        units = {figure.unit for figure in figures(part, language)}
        stands_alone = len(units) > 1 or not units.isdisjoint(WHEN)
        if found and not stands_alone and not any(len(term) > 1 for term in stems(part, language)):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return [piece for one in found for piece in _parted(one, language)]


def with_figures(sentence: str, language: str) -> list[str]:
    """`If you move, you get | 14 days`: one piece for each that has figures, the words before it included."""
    pieces = statements_of(sentence, language)
    held: list[str] = []
    found: list[str] = []
    for piece in pieces:
        held.append(piece)
        if figures(piece, language):
            found.append(", ".join(held))
            held = []
    if found and held:
        found[-1] = ", ".join([found[-1], *held])
    return found


@cache
def _joints(language: str) -> re.Pattern[str]:
    """The words that join two things; "en" does in Dutch alone."""
    return re.compile(rf"\s(?:{_AND.get(language) or '|'.join(_AND.values())})\s(?![^()]{{0,80}}\))", re.IGNORECASE)


def _parted(statement: str, language: str) -> list[str]:
    """`£4 for a day and £9 for a week` -> both, for each has a figure."""
    starts = [0, *(match.end() for match in _joints(language).finditer(statement))]
    # Where each piece ends, and whether it has a figure and words.
    pieces: list[tuple[int, bool]] = []
    for start, end in zip(starts, [*starts[1:], len(statement)], strict=True):
        one = statement[start:end]
        is_whole = bool(figures(one, language)) and bool(stems(one, language))
        if pieces and not (is_whole and pieces[-1][1]):
            pieces[-1] = (end, is_whole or pieces[-1][1])
        else:
            pieces.append((end, is_whole))
    ends = [0, *(end for end, _ in pieces)]
    return [_AND_AT_END.sub("", statement[start:end]).strip() for start, end in pairwise(ends)]
