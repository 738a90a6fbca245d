"""Stop words: Snowball's list of a language, or stopwordsiso's where Snowball has none. Pure.

Snowball's come first because stopwordsiso's are broad: its English list holds "open", "date", "room" and "page", which
visitors ask about.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import stopwordsiso

from rag_ask.text import analyze

_SNOWBALL = Path(__file__).parent / "stopwords"
_PARAPHRASE_WORDS = Path(__file__).parent / "paraphrase_words"
# Words of the broad list that name a thing: exchanging one makes another statement.
_NAMING = {
    "en": frozenset(
        word
        for listed in (
            "home homepage web webpage website site page member members room rooms group groups man men fire mill bill",
            "computer system systems state states world text test young younger net org parts side sides wall",
        )
        for word in listed.split()
    )
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language (ISO 639-1 code), folded as searched words are; none where no list is known."""
    name = "no" if language in ("nb", "nn") else language
    return frozenset(word for entry in _listed(name) for word in analyze.words(entry))


@cache
def light_words(language: str) -> frozenset[str]:
    """stopwordsiso's broad list: words that a paraphrase adds or leaves out ("need", "open", "take")."""
    listed = stopwordsiso.stopwords(language) if stopwordsiso.has_lang(language) else ()
    return frozenset(word for entry in listed for word in analyze.words(entry)) - _NAMING.get(language, frozenset())


@cache
def paraphrase_terms(language: str) -> frozenset[str]:
    """The terms of the words by which any text says how much, when, where and whether: a paraphrase may add them."""
    words = (word for line in _lines(language) if not line.startswith("=") for word in line.split())
    return frozenset(term for word in words for term in (word, *analyze.word_terms(word, language)))


@cache
def synonyms(language: str) -> tuple[frozenset[str], ...]:
    """Sets of terms of which one may stand for another."""
    sets = (line[1:].split() for line in _lines(language) if line.startswith("="))
    return tuple(frozenset(term for word in words for term in analyze.word_terms(word, language)) for words in sets)


def _lines(language: str) -> list[str]:
    path = next((known for known in _PARAPHRASE_WORDS.glob("*.txt") if known.stem == language), None)
    return path.read_text(encoding="utf-8").splitlines() if path else []


def _listed(name: str) -> set[str]:
    # The name comes from a token or a post: only files that are there are opened.
    path = next((known for known in _SNOWBALL.glob("*.txt") if known.stem == name), None)
    if path:
        return set(path.read_text(encoding="utf-8").split())
    return set(stopwordsiso.stopwords(name)) if stopwordsiso.has_lang(name) else set()
