"""Novelty: the words of a sentence that its page does not have, and that no paraphrase brings in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag_ask.answering.faithfulness.page import Page
from rag_ask.answering.faithfulness.terms import NOT_PARTED, PREFIX, content, held, is_joined
from rag_ask.text import analyze
from rag_ask.text.locales import convention
from rag_ask.text.negation import without_reminders
from rag_ask.text.normalize import normalize
from rag_ask.text.opposites import counterparts
from rag_ask.text.stop_words import light_words, paraphrase_terms, synonyms

# What Japanese writes its nouns in: Chinese characters and katakana.
_NOUN = re.compile(r"[\u30a0-\u30ff\u3400-\u9fff]{2,}")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
# A word is new to a page that has none that begins with the same letters.
ALIKE = 4
_KOREAN = re.compile(r"[\uac00-\ud7a3]{2,}")


def novel_words(sentence: str, page: Page) -> list[str]:
    """The words that are new to the page, its title and the question; none that say how much, when or whether."""
    if page.language in NOT_PARTED:
        return [piece for piece in _pieces(sentence, page.language) if piece not in page.text]
    language = page.language
    rules, light, known = convention(language), light_words(language), paraphrase_terms(language)
    there = page.terms.union(*(one for one in synonyms(language) if not one.isdisjoint(page.terms)))
    # Compounds of one beginning are many: `Hörbuch`, `Hörbehinderung`.
    alike = PREFIX if rules.joins_words else ALIKE
    found = []
    for word in content(normalize("NFKC", without_reminders(sentence)), language):
        own = frozenset(term for term in analyze.terms(word, language) if not term.isdecimal())
        is_known = word in light or not own or not own.isdisjoint(known) or bool(held(own, there, alike))
        if is_known or rules.duration(word) or word in rules.measures or counterparts([word], page.words):
            continue
        if not any(is_joined(term, there, language) for term in own):
            found.append(word)
    return found


def _pieces(sentence: str, language: str) -> Iterator[str]:
    """The pieces of a sentence that a page must have where words are not parted by spaces."""
    known = paraphrase_terms(language)
    if language == "ja":
        nouns = (pair for run in _NOUN.findall(sentence) for pair in pairwise(run))
        yield from ("".join(pair) for pair in nouns if "".join(pair) not in known)
    elif language == "zh":
        yield from (sign for run in _CHINESE.findall(sentence) for sign in run if sign not in known)
    elif language == "ko":
        yield from (word[:2] for word in _KOREAN.findall(sentence) if word[:2] not in known)
