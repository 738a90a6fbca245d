"""Query: a question as typed -> its words, each with its search terms, and quoted phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag_ask.text import analyze
from rag_ask.text.stop_words import stop_words

MAX_LANGUAGES = 4
MAX_PHRASES = 5
# Hiragana alone is mostly grammar; what a Japanese question is about stands in kanji and katakana.
_GRAMMAR = re.compile(r"[\u3041-\u309f]{2}")
_QUOTED = re.compile(r'"([^"]+)"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」')


@dataclass(frozen=True)
class Word:
    """A word as typed, and its readings: its terms in texts of one language, one reading for each way to stem it."""

    text: str
    readings: tuple[tuple[str, ...], ...]

    @property
    def terms(self) -> frozenset[str]:
        """The terms of all readings."""
        return frozenset(term for reading in self.readings for term in reading)


def words(question: str, languages: Iterable[str], *, drops_stop_words: bool = True) -> list[Word]:
    """Return each word once. Stop words of these languages are dropped, unless quoted or alone.

    languages: of the page and of the site's documents, the likeliest first. A document is found by the terms of its
    own language, so a word is read in each.
    """
    tags = list(dict.fromkeys(analyze.primary(language) for language in languages))[:MAX_LANGUAGES] or [""]
    typed = list(dict.fromkeys(analyze.words(question)))
    if drops_stop_words:
        stops = frozenset().union(*(stop_words(tag or "en") for tag in tags))
        quoted = set(analyze.words(" ".join(phrases(question))))
        typed = [word for word in typed if word in quoted or word not in stops] or typed
    keep = _content if drops_stop_words else tuple
    readings = ((word, dict.fromkeys(keep(analyze.word_terms(word, tag)) for tag in tags)) for word in typed)
    return [Word(word, tuple(filter(None, found))) for word, found in readings if any(found)]


def _content(terms: tuple[str, ...]) -> tuple[str, ...]:
    """The terms that are not grammar, unless all are."""
    return tuple(term for term in terms if not _GRAMMAR.fullmatch(term)) or terms


def phrases(question: str) -> list[str]:
    """Return what stands in quotes, to be found word for word."""
    quoted = (next(filter(None, groups)) for groups in _QUOTED.findall(question))
    return [phrase for part in quoted if (phrase := " ".join(part.split()))][:MAX_PHRASES]
