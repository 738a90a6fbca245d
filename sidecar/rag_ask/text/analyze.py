"""Analyze: text -> the terms that questions and passages are matched by. Pure."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

from rag_ask.text.normalize import normalize

DIMENSIONS = 10**9
MAX_TERM_CHARACTERS = 64
_MAX_STEMMED_CHARACTERS = 40

# Marks belong to their letters: Python's \w leaves out the vowel signs of Indic, Thai, Lao, Burmese and Khmer.
_LETTER = r"[^\W_\u0964\u0965]|[\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u109f\u1780-\u17ff]"
# Taken run by run, and never given back: letter by letter takes four times as long.
_LETTERS = rf"(?:{_LETTER.replace('|', '++|')}++)++"
# Written without spaces between words, or (Korean) with endings that no stemmer here knows.
_NGRAM_SCRIPT = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)
# A run of letters and digits, or several joined as in AB-1200, 7:30, 3.50 and v2.0_beta.
_WORD = re.compile(rf"{_LETTERS}(?:[-‐‑–_/.,:+]{_LETTERS})*")
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:[-_/.,:+][a-z0-9]+)*")
_PART = re.compile(rf"(?P<ngrams>{_NGRAM_SCRIPT}+)|(?P<digits>\d+)|(?:(?!{_NGRAM_SCRIPT}|\d)(?:{_LETTER}))+")
_JOINER = re.compile(r"[-‐‑–_/.,:+]")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_ACCENTS = re.compile(r"(?<=[a-z\u0370-\u03ff])[\u0300-\u036f]+|[\u064b-\u065f\u0670\u0640\u200c\u200d\u00ad]")

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# A Turkish word is found by its first letters better than by Snowball's stem: Can et al., "Information Retrieval on
# Turkish Texts" (2008).
_TURKISH_LETTERS = 5
# Vietnamese parts the syllables of a word by spaces, as others part words.
_SYLLABLES = "vi"
_stemmers = threading.local()


def terms(text: str, language: str) -> list[str]:
    """Return the terms of a text in its order, repeated as often as they occur.

    language: a BCP 47 tag; its words are stemmed when a stemmer is known, as English when the tag is empty. A word
    with an accent also gives the term of its plain spelling, a product code its parts and itself without the dashes,
    a script without spaces pairs of characters, and Vietnamese pairs of syllables, which come last.
    """
    stemmer = _stemmer_name(language)
    typed = words(text)
    found = [term for word in typed for term in _word_terms(word, stemmer)]
    return found + [term for pair in syllable_pairs(typed, language) for term in word_terms(pair, language)]


def syllable_pairs(typed: Sequence[str], language: str) -> list[str]:
    """Return each two words that follow each other, in a language that writes the syllables of a word apart."""
    return [f"{one} {other}" for one, other in pairwise(typed)] if primary(language) == _SYLLABLES else []


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: in small letters, product codes and figures in one piece."""
    folded = normalize("NFKC", text).casefold()
    if folded.isascii():
        # The same words in a third of the time.
        return _ASCII_WORD.findall(_POSSESSIVE.sub("", folded) if "'s" in folded else folded)
    return _WORD.findall(normalize("NFC", _POSSESSIVE.sub("", folded)))


def word_terms(word: str, language: str) -> tuple[str, ...]:
    """Return the terms that one of `words`, or of `syllable_pairs`, is found by in a text of this language."""
    return tuple(_word_terms(word, _stemmer_name(language)))


def primary(language: str) -> str:
    """`en-GB` -> `en`, the part of a BCP 47 tag that names the language."""
    return re.split("[-_]", language.casefold())[0]


def _stemmer_name(language: str) -> str:
    return _STEMMERS.get(primary(language) or "en", "")


@lru_cache(maxsize=100_000)
def dimension(term: str) -> int:
    """Return the term's place in a sparse vector, the same on every machine: 0 <= dimension < DIMENSIONS."""
    digest = hashlib.blake2b(term.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % DIMENSIONS


def dimensions(text: str, language: str) -> list[int]:
    """Return the places of a text's terms in a sparse vector, in the order of `terms`."""
    return [dimension(term) for term in terms(text, language)]


def _word_terms(word: str, stemmer: str) -> Iterable[str]:
    # Nearly every word is of one part.
    if word.isascii() and word.isalpha():
        return _stems(word[:MAX_TERM_CHARACTERS], stemmer)
    if " " in word:
        return (_plain(word),)
    return _terms_of_parts(word, stemmer)


def _terms_of_parts(word: str, stemmer: str) -> Iterator[str]:
    parts = list(_PART.finditer(word))
    for part in parts:
        if part["ngrams"]:
            yield from _pairs(_plain(part[0]))
        elif part["digits"]:
            yield part[0][:MAX_TERM_CHARACTERS]
        else:
            yield from _stems(part[0][:MAX_TERM_CHARACTERS], stemmer)
    if len(parts) > 1 and len(word) <= MAX_TERM_CHARACTERS and not any(part["ngrams"] for part in parts):
        yield from _whole(word, stemmer)


def _whole(word: str, stemmer: str) -> tuple[str, ...]:
    """Return the joined word as one. Figures keep what joins them, unless it groups thousands: 3.50 is not 350."""
    joined = _JOINER.sub("", word)
    if joined.isdecimal():
        return (joined,) if _THOUSANDS.fullmatch(word) else (word,)
    return _stems(joined, stemmer) if joined.isalpha() else (_plain(joined),)


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(max(1, len(run) - 1))]


@lru_cache(maxsize=100_000)
def _stems(word: str, stemmer: str) -> tuple[str, ...]:
    plain = _plain(word)
    stems = (_plain(_stem(word, stemmer)), _stem(plain, stemmer))
    return tuple(dict.fromkeys(filter(None, stems)))


def _stem(word: str, stemmer: str) -> str:
    if not stemmer or len(word) > _MAX_STEMMED_CHARACTERS:
        return word
    if stemmer == "turkish":
        return word[:_TURKISH_LETTERS]
    # A stemmer keeps the word it works on, so threads cannot share one.
    own: dict[str, snowballstemmer.stemmer] = _stemmers.__dict__.setdefault("by_name", {})
    if stemmer not in own:
        own[stemmer] = snowballstemmer.stemmer(stemmer)
    return str(own[stemmer].stemWord(word))


def _plain(word: str) -> str:
    """Return the word without the accents of Latin and Greek letters and without Arabic vowel marks."""
    if word.isascii():
        return word
    decomposed = normalize("NFKD", word.replace("ё", "е"))
    return normalize("NFC", _ACCENTS.sub("", decomposed))
