"""Invisible characters: control, zero-width, bidi, tag, private-use. Stripped, so no text can hide. Pure."""

from __future__ import annotations

import re

JOINERS = "\u200c\u200d"

# The two joiners stay between letters of the scripts that need them, and inside emoji.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


def strip_invisible(text: str) -> str:
    """Return the text without the characters that nobody sees."""
    return _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """Return the visible words with one space between them."""
    return " ".join(strip_invisible(text).split())


def first_line(text: str, max_characters: int) -> str:
    """Return the first line with a word in it; nothing when it is longer than that."""
    line = next(filter(None, map(one_line, text.splitlines())), "")
    return line if len(line) <= max_characters else ""
