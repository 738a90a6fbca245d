"""Query: a question as typed -> its words, each with its search terms, and quoted phrases. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag_ask.text import analyze
from rag_ask.text.stop_words import light_words, stop_words

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
    own language, so a word is read in each. Two syllables of a Vietnamese word are one more word.
    """
    tags = list(dict.fromkeys(analyze.primary(language) for language in languages))[:MAX_LANGUAGES] or [""]
    every = analyze.words(question)
    typed = list(dict.fromkeys(every))
    if drops_stop_words:
        stops = frozenset().union(*(stop_words(tag or "en") for tag in tags))
        quoted = set(analyze.words(" ".join(phrases(question))))
        typed = [word for word in typed if word in quoted or word not in stops] or typed
    pairs = dict.fromkeys(pair for tag in tags for pair in analyze.syllable_pairs(every, tag))
    typed += [pair for pair in pairs if not set(pair.split()).isdisjoint(typed)]
    keep = _content if drops_stop_words else tuple
    readings = ((word, dict.fromkeys(keep(analyze.word_terms(word, tag)) for tag in tags)) for word in typed)
    return [Word(word, tuple(filter(None, found))) for word, found in readings if any(found)]


def _content(terms: tuple[str, ...]) -> tuple[str, ...]:
    """The terms that are not grammar, unless all are."""
    return tuple(term for term in terms if not _GRAMMAR.fullmatch(term)) or terms


def own_words(question: str, languages: Iterable[str]) -> int:
    """How many words can be a subject: none in "And how much is it?". Without spaces, two pairs of signs are a word."""
    tags = [analyze.primary(language) or "en" for language in languages] or ["en"]
    typed = dict.fromkeys(analyze.words(question))
    stops, light = (frozenset().union(*map(listed, tags)) for listed in (stop_words, light_words))
    # Beside grammar "much" is no subject; bare, "thanks" is not about the question before.
    passed = stops | light if stops & typed.keys() else stops
    content = [word for word in typed if word not in passed]
    return sum(_count(analyze.word_terms(word, tags[0])) for word in content)


def _count(terms: tuple[str, ...]) -> int:
    are_pairs = len(terms) > 1 and all(len(term) == 2 for term in terms)
    return (sum(not _GRAMMAR.fullmatch(term) for term in terms) + 1) // 2 if are_pairs else 1


def phrases(question: str) -> list[str]:
    """Return what stands in quotes, to be found word for word."""
    quoted = (next(filter(None, groups)) for groups in _QUOTED.findall(question))
    return [phrase for part in quoted if (phrase := " ".join(part.split()))][:MAX_PHRASES]
