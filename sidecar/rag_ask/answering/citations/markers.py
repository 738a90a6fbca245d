"""Markers: the `[1]` by which a model's text points at its sources, in whole texts and in streams. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = "```"
# What models write before the number, besides nothing.
_NAMES = (
    "^", "source", "sources", "quelle", "quellen", "fuente", "fuentes", "fonte", "fonti", "bron", "出典", "ソース",
)  # fmt: skip
_NAME = rf"(?:(?:{'|'.join(map(re.escape, sorted(_NAMES, key=len, reverse=True)))}) ?)?"
_NUMBERS = rf" ?{_NAME}\d{{1,3}}(?: ?(?:[,;、，،&–-]|and) ?\d{{1,3}}){{0,5}} ?"
# At most 60 characters, so that a stream never holds back more.
_MARKER = rf" ?(?:\[\[{_NUMBERS}\]\]|\[{_NUMBERS}\]|【{_NUMBERS}】|［{_NUMBERS}］|【\d{{1,3}}†[^】\n]{{0,20}}】)"
_TOKEN = re.compile(rf"{_FENCE}|{_MARKER}", re.IGNORECASE)
_BEGUN = "|".join(
    map(re.escape, sorted({name[:end] for name in _NAMES for end in range(1, len(name) + 1)}, reverse=True))
)
_LISTED = rf" ?(?:{_BEGUN})?[\d ,;、，،&–and-]{{0,46}}"
_UNFINISHED = re.compile(
    rf"(?: | ?(?:\[\[{_LISTED}\]?|\[{_LISTED}|［{_LISTED}|【{_LISTED}|【\d{{1,3}}†[^】\n]{{0,20}}))\Z", re.IGNORECASE
)
_NUMBER = re.compile(r"(\d+)(?: ?[–-] ?(\d+))?")
_AFTER_STOP = re.compile(
    r"([.!?]{1,8}|[。！？]{1,8})([\"'”’»)）」』]{0,8}) ?((?:\[\d{1,3}\]){1,40})"
    r"(?=\s*$|\s+[^a-z\s]|[\u3040-\u9fff])",
    re.MULTILINE,
)


class MarkerGate:
    """Lets a streamed text through with its markers as `[1][2]`, never half a one and none of a source that is not.

    Feeding a text in any pieces gives the same as feeding it whole. Code between three backticks is left alone.
    """

    def __init__(self, source_count: int) -> None:
        self._source_count = source_count
        self._held = ""
        self._in_code = False
        self._shown: set[int] = set()

    def feed(self, delta: str) -> str:
        """Return what can be shown by now; at most 60 characters stay behind."""
        text = self._held + delta
        end = _settled(text)
        self._held = text[end:]
        return self._normalized(text[:end])

    def close(self) -> str:
        """Return the rest."""
        rest, self._held = self._held, ""
        return self._normalized(rest)

    def _normalized(self, text: str) -> str:
        shown = []
        end = 0
        for token in _TOKEN.finditer(text):
            shown += [self._plain(text[end : token.start()]), self._found(token[0])]
            end = token.end()
        return "".join([*shown, self._plain(text[end:])])

    def _plain(self, text: str) -> str:
        if text:
            self._shown = set()
        return text

    def _found(self, found: str) -> str:
        if found == _FENCE:
            self._in_code = not self._in_code
        if found == _FENCE or self._in_code:
            return self._plain(found)
        fresh = [n for n in dict.fromkeys(_numbers(found)) if 1 <= n <= self._source_count and n not in self._shown]
        space = " " if fresh and found.startswith(" ") and not self._shown else ""
        self._shown.update(fresh)
        return space + "".join(f"[{number}]" for number in fresh)


def _numbers(marker: str) -> Iterator[int]:
    """`[1, 3-5]` -> 1, 3, 4, 5; 【1†L20】 points at source 1."""
    for first, last in _NUMBER.findall(marker.split("†")[0]):
        yield from range(int(first), int(last or first) + 1)


def normalize(text: str, source_count: int) -> str:
    """Return the text with its markers as `[1][2]`, those of no source removed."""
    gate = MarkerGate(source_count)
    return gate.feed(text) + gate.close()


def before_stop(text: str) -> str:
    """Move the markers that follow a sentence into it: `We open at seven. [1]` -> `We open at seven [1].`"""

    def moved(match: re.Match[str]) -> str:
        space = " " if match[1][0].isascii() else ""
        return f"{match[2]}{space}{match[3]}{match[1]}" if match[2] else f"{space}{match[3]}{match[1]}"

    return _AFTER_STOP.sub(moved, text)


def _settled(text: str) -> int:
    """Return how much of the text is the same whatever follows."""
    if backticks := len(text) - len(text.rstrip("`")):
        return len(text) - backticks % 3
    unfinished = _UNFINISHED.search(text)
    return unfinished.start() if unfinished else len(text)
