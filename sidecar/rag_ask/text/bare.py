"""Bare: a sentence that says nothing alone, as "Yes.". Pure."""

from __future__ import annotations

import stopwordsiso

from rag_ask.text import analyze
from rag_ask.text.figures import figures
from rag_ask.text.stop_words import light_words

MAX_BARE_WORDS = 2


def says_nothing(sentence: str) -> bool:
    """Whether it is a "Yes." or "No, never.": a few words without content in one of the languages."""
    said = analyze.words(sentence)
    return 0 < len(said) <= MAX_BARE_WORDS and any(
        all(word in light_words(language) for word in said) and not figures(sentence, language)
        for language in stopwordsiso.langs()
    )
