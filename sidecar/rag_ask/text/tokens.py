"""Tokens: how many a text is about, by its characters, the same for every model and language. Pure.

The vocabulary of one language makes chunks of another one short: by English word pieces, Russian ones were a third as
long. Characters of every kind alike make tables, figures and code long: these have many more tokens than prose.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

# Least squares against the pieces of XLM-R's tokenizer, on encyclopaedia articles in twelve languages and on ten sites.
# White space belongs to the word behind it.
PER_LETTER = 0.27
PER_WIDE_CHARACTER = 0.7
PER_DIGIT = 0.6
PER_MARK = 0.8
# Chinese, Japanese and Korean, where a character is a word or a syllable.
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_DIGIT = re.compile(r"\d")
_SPACE = re.compile(r"\s")
# Punctuation and symbols. Python's \w leaves out the vowel signs of Arabic, Indic scripts and Thai.
_MARK = re.compile(r"[^\w\s\u0300-\u036f\u0610-\u065f\u0900-\u0dff\u0e30-\u0e4e]|_")


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return about how many tokens each text is, rounded up."""
    return [_count(text) for text in texts]


def _count(text: str) -> int:
    wide, digits, spaces, marks = (len(kind.findall(text)) for kind in (_WIDE, _DIGIT, _SPACE, _MARK))
    letters = len(text) - wide - digits - spaces - marks
    return math.ceil(PER_LETTER * letters + PER_WIDE_CHARACTER * wide + PER_DIGIT * digits + PER_MARK * marks)
