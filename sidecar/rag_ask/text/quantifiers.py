"""Quantifiers: does a statement speak of all, of the only one, or of some? Closed word classes. Pure."""

from __future__ import annotations

import re

from rag_ask.text.figures import in_numbers
from rag_ask.text.language import words
from rag_ask.text.negation import is_bound

# All, or never; each; only; some or mostly.
_LISTED = {
    "en": "all always never everybody everyone everything anyone anybody anytime | each every "
    "| only solely exclusively unless except "
    "| some sometimes most mostly usually often many few several occasionally partly",
    "de": "alle allen aller alles immer nie niemals jederzeit stets sämtliche | jeder jede jedes jeden jedem "
    "| nur ausschließlich lediglich außer "
    "| einige manche manchmal meist meistens meisten oft häufig viele wenige gelegentlich teilweise",
    "fr": "tous toutes toujours jamais | tout toute chaque | seul seulement seuls uniquement sauf excepté "
    "| quelques parfois plupart souvent certains certaines plusieurs généralement",
    "es": "todos todas siempre nunca jamás | todo toda cada cualquier cualquiera | solo sólo solamente únicamente "
    "excepto salvo | algunos algunas alguna algún veces mayoría muchos muchas varios varias generalmente",
    "it": "tutti tutte sempre mai | tutto tutta ogni ognuno qualsiasi "
    "| solo soltanto solamente esclusivamente tranne eccetto | alcuni alcune qualche volte spesso molti molte",
    "nl": "alle alles altijd nooit iedereen | iedere ieder elke elk | alleen slechts uitsluitend behalve enkel "
    "| sommige soms meeste meestal vaak veel enkele",
    "pt": "todos todas sempre nunca jamais | todo toda cada qualquer | só somente apenas unicamente exceto salvo "
    "| alguns algumas vezes maioria muitos muitas vários várias geralmente",
    "pl": "wszystkie wszyscy zawsze nigdy | każdy każda każde wszystko | tylko jedynie wyłącznie oprócz "
    "| niektóre niektórzy czasem czasami większość często",
    "ru": "все всегда никогда | каждый каждая каждое любой всё | только лишь исключительно кроме "
    "| некоторые иногда большинство часто многие",
}
_CLASSES = {code: [frozenset(part.split()) for part in listed.split("|")] for code, listed in _LISTED.items()}
# How much of something.
_SHARES = {
    "en": {"half": 0.5, "halved": 0.5, "full": 1, "whole": 1, "double": 2, "twice": 2, "triple": 3, "quarter": 0.25},
    "de": {"halb": 0.5, "hälfte": 0.5, "halben": 0.5, "halber": 0.5, "voll": 1, "vollen": 1, "volle": 1, "ganzen": 1,
           "doppelt": 2, "doppelte": 2, "doppelten": 2, "viertel": 0.25, "drittel": 0.33},
    "fr": {"moitié": 0.5, "demi": 0.5, "plein": 1, "entier": 1, "complet": 1, "double": 2, "quart": 0.25},
    "es": {"mitad": 0.5, "medio": 0.5, "media": 0.5, "completo": 1, "completa": 1, "entero": 1, "doble": 2},
    "it": {"metà": 0.5, "mezzo": 0.5, "intero": 1, "pieno": 1, "completo": 1, "doppio": 2, "quarto": 0.25},
    "nl": {"helft": 0.5, "half": 0.5, "halve": 0.5, "volledige": 1, "volle": 1, "hele": 1, "dubbel": 2, "dubbele": 2},
    "pt": {"metade": 0.5, "meio": 0.5, "inteiro": 1, "completo": 1, "total": 1, "dobro": 2, "quarto": 0.25},
}  # fmt: skip
# "Only two weeks" leaves nobody out.
_MERELY = re.compile(
    r"\b(?:only|just|nur|lediglich|seulement|solo|sólo|solamente|soltanto|slechts|maar|só|apenas|tylko|только|лишь)"
    r"(?:\s\w+)?\s\W?\d",
    re.IGNORECASE,
)
_NONE: list[frozenset[str]] = [frozenset()] * 4


def quantifiers(language: str) -> frozenset[str]:
    """The words of all classes."""
    return frozenset().union(*_CLASSES.get(language, _NONE))


def all_words(language: str) -> frozenset[str]:
    """The words that say all."""
    return _CLASSES.get(language, _NONE)[0]


def says_too_much(said: str, language: str, told: str, language_told: str) -> bool:
    """Whether what is said holds for all, or for these alone, and what a page tells does not say so."""
    all_said, each_said, only_said, _ = _found(said, language)
    all_told, each_told, only_told, some_told = _found(told, language_told)
    if all_said and not (all_told or each_told):
        return True
    if (all_said or each_said) and (some_told or (only_told and not only_said)):
        return True
    return only_said and not only_told


def says_another_share(said: str, language: str, told: str, language_told: str) -> bool:
    """`full price` where a page says `half price`."""
    here, there = _shares(said, language), _shares(told, language_told)
    return bool(here and there) and here.isdisjoint(there)


def _shares(text: str, language: str) -> frozenset[float]:
    known = _SHARES.get(language, {})
    return frozenset(known[word] for word in words(text) if word in known)


def excluding(text: str, language: str) -> frozenset[str]:
    """Its words like "only" and "except": `only on Sundays` is `not ..., except on Sundays`."""
    return _spoken(text, language) & _CLASSES.get(language, _NONE)[2]


def _spoken(text: str, language: str) -> frozenset[str]:
    said = words(_MERELY.sub(" ", in_numbers(text, language)))
    # "Never more than ten" speaks of ten.
    return frozenset(word for at, word in enumerate(said) if not is_bound(said, at))


def _found(text: str, language: str) -> tuple[bool, bool, bool, bool]:
    spoken = _spoken(text, language)
    every, each, only, some = (not spoken.isdisjoint(one) for one in _CLASSES.get(language, _NONE))
    return every, each, only, some
