"""Terms: the words of a text as the check compares them. Pure."""

from __future__ import annotations

from functools import cache, lru_cache

from rag_ask.text import analyze
from rag_ask.text.dates import CALENDAR
from rag_ask.text.figures import PER, in_numbers
from rag_ask.text.language import content_words
from rag_ask.text.locales import convention
from rag_ask.text.negation import negations
from rag_ask.text.quantifiers import quantifiers
from rag_ask.text.stop_words import stop_words

# Words that begin alike are taken for forms of one.
PREFIX = 5
# Shorter ones are parts of too many words.
MIN_PART = 4
# Words are not parted by spaces: their terms are pairs of characters.
NOT_PARTED = frozenset(["ja", "ko", "th", "zh"])
# Of these nothing tells the pairs that carry content; of Chinese the signs are known that any text has.
NOT_WEIGHED = NOT_PARTED - {"zh"}


# Each part of a sentence is held against the same places.
@lru_cache(maxsize=4096)
def stems(text: str, language: str) -> frozenset[str]:
    """Stems of the words that carry content; figures are checked apart."""
    kept = " ".join(content(text, language))
    return frozenset(term for term in analyze.terms(kept, language) if not term.isdecimal())


def content(text: str, language: str) -> list[str]:
    """The words that carry content; not figures, days, months, and what says no or how many."""
    apart = _apart(language)
    plain = CALENDAR.sub(" ", in_numbers(text, language))
    return [word for word in content_words(plain, language) if word not in apart]


@cache
def _apart(language: str) -> frozenset[str]:
    per = frozenset(word for word in PER if len(word) > 1)
    return negations(language) | convention(language).currencies | quantifiers(language) | stop_words(language) | per


def held(wanted: frozenset[str], there: frozenset[str], alike: int = PREFIX) -> frozenset[str]:
    """The wanted terms that occur, inflected or not. alike: how many letters two forms of a word share."""
    starts = {term[:alike] for term in there if len(term) >= alike}
    return frozenset(term for term in wanted if term in there or (len(term) >= alike and term[:alike] in starts))


def is_joined(term: str, there: frozenset[str], language: str) -> bool:
    """`Ausweis` where the page says `Leseausweis`, `Leihfrist` where it says `leihen`."""
    return convention(language).joins_words and any(
        (len(term) >= MIN_PART and other.endswith(term))
        or (len(other) >= MIN_PART and (term.endswith(other) or term.startswith(other)))
        for other in there
    )
