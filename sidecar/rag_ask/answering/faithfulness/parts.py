"""Parts: a sentence of an answer -> the statements that must hold one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rag_ask.text.language import words

# What an answer joins must hold part by part.
_STOP = r"[,;:()–—]\s(?!(?:dass|that|que|qu['’]|che|dat|że|что|чтобы)\b)|[、，]"
_AND = {
    "en": "and|but|while", "de": "und|aber", "fr": "et|mais", "es": "y|pero", "it": "e|ma", "nl": "en|maar",
    "pt": "e|mas",
}  # fmt: skip
_OR = {"en": "or", "de": "oder", "fr": "ou", "es": "o", "it": "o", "nl": "of", "pt": "ou"}
_CONDITION = re.compile(
    r"\W{0,3}(?:if|when|for|with|as|after|before|on|in|at|during|nach|vor|am|im|in|an|zu|après|avant|en|dans|pendant|à|después|antes|durante|dopo|prima|in|nel|nella|na|in|op|tijdens|depois|antes|em|no|na|po|w|przed|после|до|в|на|wenn|falls|wer|für|mit|als|bei|si|quand|pour|avec|qui|cuando|quien|para|con|se|chi|"
    r"quando|per|wie|voor|met|wanneer|quem|com|jeśli|kto|dla|z|gdy|если|кто|для|с|при)\s",
    re.IGNORECASE,
)

_WORD = re.compile(r"[^\W\d_]+\b")
_LAST_WORD = re.compile(r"\b[^\W\d_]+\Z")


@cache
def _joined(language: str) -> re.Pattern[str]:
    """What parts the statements of a sentence; words of another language may mean something else ("en")."""
    if language not in _AND:
        return re.compile(_STOP)
    return re.compile(rf"{_STOP}|\s(?:{_AND[language]})\s|\s(?:{_OR[language]})\s(?=\S{{0,3}}\d)")


def parts_of(sentence: str, language: str, told: str = "") -> list[str]:
    """The statements of a sentence that say something for themselves; a condition goes with what it is the one of.

    told: what the page says. `black and white` stays in one piece where the page says so.
    """
    split = _split(sentence, language, told.casefold())
    parts = [part for part in split if len(words(part)) > 2 or (_has_figure(part) and words(part))]
    if len(parts) > 1 and _CONDITION.match(parts[0]) and not _has_figure(parts[0]):
        parts[:2] = [f"{parts[0]}, {parts[1]}"]
    return parts if len(parts) > 1 else [sentence]


def _split(sentence: str, language: str, told: str) -> Iterator[str]:
    start = 0
    for joint in _joined(language).finditer(sentence):
        before, after = _LAST_WORD.search(sentence[start : joint.start()]), _WORD.match(sentence, joint.end())
        said = f"{before[0]}{joint[0]}{after[0]}" if before and after and joint[0].strip().isalpha() else ""
        if not said or said.casefold() not in told:
            yield sentence[start : joint.start()]
            start = joint.end()
    yield sentence[start:]


def _has_figure(text: str) -> bool:
    return any(character.isdecimal() for character in text)
