"""Parts: a sentence of an answer -> the statements that must hold one by one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from rag_ask.answering.faithfulness.page import heavy
from rag_ask.answering.faithfulness.terms import stems
from rag_ask.text.figures import WHEN, figures
from rag_ask.text.language import words
from rag_ask.text.negation import is_negated

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
# What comes after these may go on with what comes before them.
_ASIDE = (",", "(", ")", "–", "—")
_BEFORE_FIGURE = re.compile(r"[^\d€$£¥₹₽₺₩]{2,200}(?=[€$£¥₹₽₺₩]?\d)")
_FIGURE_FIRST = re.compile(r"\W{0,2}\d")
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
    split = _with_subjects(_split(sentence, language, told.casefold()), language)
    parts = [part for part in split if len(words(part)) > 2 or (_has_figure(part) and words(part))]
    if len(parts) > 1 and _CONDITION.match(parts[0]) and not _has_figure(parts[0]):
        parts[:2] = [f"{parts[0]}, {parts[1]}"]
    return _with_beginning(parts) if len(parts) > 1 else [sentence]


def _with_beginning(parts: Sequence[str]) -> list[str]:
    """`Members get 10 books | 2 films` -> `Members get 2 films`: what begins with a figure has its beginning before."""
    beginning = _BEFORE_FIGURE.match(parts[0])
    if not beginning:
        return [*parts]
    return [parts[0], *(f"{beginning[0]}{part}" if _FIGURE_FIRST.match(part) else part for part in parts[1:])]


def _with_subjects(pieces: Iterable[tuple[str, str]], language: str) -> list[str]:
    """`The small room, for two, costs £6`: a piece that has no word of its own goes on with what comes before it."""
    joins = re.compile(rf"(?:{_AND.get(language, '(?!)')}|{_OR.get(language, '(?!)')})\b", re.IGNORECASE)
    found: list[str] = []
    for joint, piece in pieces:
        if joint in _ASIDE and not joins.match(piece) and _goes_on(piece, found, language):
            found[-1] = f"{found[-1]}, {piece}"
        else:
            found.append(piece)
    return found


def _goes_on(piece: str, before: Sequence[str], language: str) -> bool:
    """Whether it has no word of its own, and neither a day nor a figure of a kind that was before, as a list has."""
    if heavy(stems(piece, language), language) or is_negated(before[-1], language):
        return False
    units, known = ({figure.unit for figure in figures(text, language)} for text in (piece, ", ".join(before)))
    return units.isdisjoint({*known, *WHEN})


def _split(sentence: str, language: str, told: str) -> Iterator[tuple[str, str]]:
    """The pieces, each with the sign or the word before it."""
    start, sign = 0, ""
    for joint in _joined(language).finditer(sentence):
        before, after = _LAST_WORD.search(sentence[start : joint.start()]), _WORD.match(sentence, joint.end())
        said = f"{before[0]}{joint[0]}{after[0]}" if before and after and joint[0].strip().isalpha() else ""
        if not said or said.casefold() not in told:
            yield sign, sentence[start : joint.start()]
            start, sign = joint.end(), joint[0].strip()
    yield sign, sentence[start:]


def _has_figure(text: str) -> bool:
    return any(character.isdecimal() for character in text)
