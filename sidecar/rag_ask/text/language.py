"""Language: which one a text is in, guessed by py3langid, and its words. Pure."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rag_ask.text import analyze
from rag_ask.text.stop_words import stop_words

# Measured on short questions in 43 languages: of those surer than .6, none was taken for another language.
CONFIDENT = 0.65
# An expected language is at least this likely beside the likeliest one, unless that one is as unlikely as FLAT.
LIKELY = 0.35
FLAT = 0.1
# The model was made for short texts: one word, thousands of times, looks like no language.
MAX_CHARACTERS = 1000

# Languages whose short sentences nearly always have an article, a preposition or the like.
BY_SMALL_WORDS = ("da", "de", "en", "es", "fr", "it", "nb", "nl", "pt", "sv")

_loading = threading.Lock()

# Marks belong to their letters; Python's \w leaves out the vowel signs of Indic scripts and of Thai.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)?")
# In `9 am` it belongs to the figure; German has a word like it.
_HALF_OF_DAY = re.compile(r"(?<=\d)\s?[ap](?:m\b|\.\s?m\.)")


def words(text: str) -> list[str]:
    """The words of a text in small letters, `l'entrée` and `don't` as two, and `9 am` without the half of the day."""
    said = _WORD.findall(_HALF_OF_DAY.sub("", text.casefold()))
    return [part for word in said for part in re.split("['’]", word)]


def detect(text: str, expected: Sequence[str] = ()) -> str:
    """The code of the text's language, or "" when it is not plain.

    expected: BCP 47 tags of the page and of the site, the likeliest first. A few words hardly tell a language from its
    relatives: then it is the first of these that they may well be in.
    """
    chances = _chances(text[:MAX_CHARACTERS])
    likeliest = max(chances, key=chances.__getitem__)
    codes = [code_of(tag) for tag in expected if tag]
    if codes and codes[0] not in chances:
        # Its relatives would be taken for it.
        return ""
    if chances[likeliest] >= CONFIDENT:
        return likeliest
    # "parking", "wifi": of no language more than of another.
    enough = 0.0 if chances[likeliest] < FLAT else LIKELY * chances[likeliest]
    return next((code for code in codes if chances.get(code, 0.0) >= enough), "")


def by_small_words(text: str, around: str) -> str:
    """The language of a text too short for `detect`, by its stop words ("the", "das"); "" when it has none.

    around: what stands beside it. Its likeliest language decides between two that share the words.
    """
    spoken = words(text)
    counts = {code: sum(word in stop_words(code) for word in spoken) for code in BY_SMALL_WORDS}
    most = max(counts.values())
    chances = _chances(f"{text}\n{around}"[:MAX_CHARACTERS]) if most else {}
    return (
        max((code for code in counts if counts[code] == most), key=lambda code: chances.get(code, 0.0)) if most else ""
    )


@lru_cache(maxsize=1024)
def code_of(tag: str) -> str:
    """`pt-BR` -> `pt`, and `bel` -> `be`: WordPress names some languages by their longer codes."""
    code = analyze.primary(tag)
    known = str(get_global("language_aliases").get(code, code))
    return "nb" if code == "no" else analyze.primary(known)


def english_name(code: str) -> str:
    """`uk` -> `Ukrainian`; "" for a code that has none."""
    return str(Locale("en").languages.get(code, ""))


@lru_cache(maxsize=256)
def _chances(text: str) -> dict[str, float]:
    """Language -> how likely it is. The languages are those of ISO 639-1, so that dialects take nothing from them."""
    ranked = {code_of(label): chance for label, chance in _identifier().rank(text) if len(label) == 2}
    total = sum(ranked.values())
    return {code: chance / total for code, chance in ranked.items()}


def _identifier() -> LanguageIdentifier:
    # One thread loads it: that takes 130 MB for a moment, and the model is 70 MB.
    with _loading:
        return _loaded()


@cache
def _loaded() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def content_words(text: str, code: str) -> list[str]:
    """The words that carry content; without a known language, all of them."""
    stops = stop_words(code)
    return [word for word in words(text) if word not in stops]
