"""Unicode normalization in linear time. Pure.

`unicodedata.normalize` sorts each run of combining marks, which is quadratic: 64 KB took seconds. Runs are cut at 30
marks, as in the Stream-Safe Text Format (UAX #15, section 13).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Literal

MAX_MARKS = 30
# No combining marks themselves, but they decompose to nothing else.
DECOMPOSED_TO_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
# After NFKC, which makes "..." of "…" and "?" of its full-width form.
END = ".!?,;:。؟،\u037e \t"


def normalize(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """The text in this normalization form, with at most MAX_MARKS combining marks in a row."""
    return unicodedata.normalize(form, text if text.isascii() else _long_runs().sub(r"\1", text))


@cache
def _long_runs() -> re.Pattern[str]:
    combining = (chr(code) for code in range(sys.maxunicode) if unicodedata.combining(chr(code)))
    marks = DECOMPOSED_TO_MARKS + "".join(map(re.escape, combining))
    return re.compile(f"([{marks}]{{{MAX_MARKS}}})[{marks}]+")


def normalised(question: str) -> str:
    """NFKC, case-folded, white space collapsed, without punctuation at the end.

    A question of nothing but such punctuation stays as it is.
    """
    text = " ".join(normalize("NFKC", question).casefold().split())
    return text.rstrip(END) or text
