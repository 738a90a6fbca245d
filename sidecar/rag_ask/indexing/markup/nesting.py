"""Nesting: bound depth and attributes of markup, so that a parser needs linear time. Pure.

HTML parsers walk the whole stack of open elements for most start tags, look through all attributes of a tag for
each further one, and reopen every unclosed formatting element in every paragraph. A post of 5 MB could so stop the
worker for hours, or fill its memory.
"""

from __future__ import annotations

import re

MAX_DEPTH = 256
MAX_ATTRIBUTES = 500
LONG_TAG_CHARACTERS = 4_096

_ATTRIBUTES = r"""(?:[^>=]++|=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]++)?)*+"""
# What is no tag although it looks like one comes first: comments, and elements whose content is not markup.
# The alternatives that end in \Z keep a missing end from being searched for again and again.
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)(?=[\s/>])"
    rf"{_ATTRIBUTES}(?:>.*?(?:</(?P=raw)|\Z)|\Z)"
    rf"|<(?P<slash>/?)(?P<name>[a-z][^\s/>]*+)(?P<rest>{_ATTRIBUTES})(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE_ENDS = re.compile(r"[\s=/]")

# Elements that a parser reopens in each paragraph until they are closed, and what stands in for them.
_PLAIN = dict.fromkeys(("a", "big", "code", "em", "font", "i", "nobr", "small", "tt", "u"), "span")
_PLAIN |= {"s": "del", "strike": "del", "b": "x-strong", "strong": "x-strong"}

_NEVER_OPEN = {"html", "head", "body", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
_NEVER_OPEN |= {"param", "source", "track", "wbr"}
# A start tag of one of these closes an open one of the same group.
_CLOSED_BY = {
    "p": frozenset(["p"]),
    "li": frozenset(["li"]),
    "dt": frozenset(["dt", "dd"]),
    "dd": frozenset(["dt", "dd"]),
    "td": frozenset(["td", "th"]),
    "th": frozenset(["td", "th"]),
    "tr": frozenset(["td", "th", "tr"]),
}
_FOREIGN = ("svg", "math")


class _Nesting:
    """Tracks the open elements (too many rather than too few) and flattens those below MAX_DEPTH."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.flattened: dict[str, int] = {}

    def __call__(self, match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if not name or name in _NEVER_OPEN:
            return _shortened(match[0], name)
        name = _PLAIN.get(name, name)
        return self._end(name) if match["slash"] else self._start(name, match["rest"])

    def _start(self, name: str, rest: str) -> str:
        closes = _CLOSED_BY.get(name, frozenset())
        while self.open and self.open[-1] in closes:
            self.open.pop()
        if len(self.open) >= MAX_DEPTH:
            self.flattened[name] = self.flattened.get(name, 0) + 1
            return _flat(name)
        is_foreign = any(name in self.open for name in _FOREIGN)
        if not (is_foreign and rest.endswith("/")):
            self.open.append(name)
        return _shortened(f"<{name}{rest}>", name)

    def _end(self, name: str) -> str:
        if self.flattened.get(name):
            self.flattened[name] -= 1
            return _flat(name)
        while self.open and self.open[-1] != name and self.open[-1] in _CLOSED_BY:
            self.open.pop()
        if self.open and self.open[-1] == name:
            self.open.pop()
        return f"</{name}>"


def limit_nesting(html: str) -> str:
    """Return the markup with the same text, at most MAX_DEPTH elements deep and without formatting elements."""
    return _TOKEN.sub(_Nesting(), html)


def _flat(name: str) -> str:
    return " " if name in _PLAIN.values() else "<br>"


def _shortened(tag: str, name: str) -> str:
    if len(tag) > LONG_TAG_CHARACTERS and len(_ATTRIBUTE_ENDS.findall(tag)) > MAX_ATTRIBUTES and name:
        return f"<{name}>"
    return tag
