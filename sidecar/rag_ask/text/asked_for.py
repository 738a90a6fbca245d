"""Asked for: what a question wants to know, a time, a place, a price. Pure.

"How tall is the tower?" and "How old is the tower?" share every word that carries content.
"""

from __future__ import annotations

import re
from functools import cache

_LISTED = {
    "en": {
        "time": r"when|what time|opening (?:hours|times)",
        "place": r"where|address",
        "person": r"who|whom",
        "reason": r"why",
        "price": r"costs?|prices?|pay|fees?|how much",
        "duration": r"how long|duration",
        "age": r"how old|age",
        "size": r"how (?:tall|high|big|large|wide|deep|heavy)|height|size",
        "number": r"how many|number of",
        "distance": r"how far",
    },
    "de": {
        "time": r"wann|uhrzeit|öffnungszeiten",
        "place": r"wo|adresse",
        "person": r"wer|wen|wem",
        "reason": r"warum|wieso|weshalb",
        "price": r"kosten|kostet|preise?|zahl(?:en|e|t)|gebühr(?:en)?",
        "duration": r"wie lange?|dauer|dauert",
        "age": r"wie alt|alter",
        "size": r"wie (?:hoch|groß|breit|tief|schwer)|höhe|größe",
        "number": r"wie viele|anzahl",
        "distance": r"wie weit",
    },
    "fr": {
        "time": r"quand|à quelle heure|horaires?",
        "place": r"où|adresse",
        "person": r"qui",
        "reason": r"pourquoi",
        "price": r"combien coûtent?|combien coûte|coûtent?|prix|tarifs?|payer",
        "duration": r"combien de temps|durée",
        "age": r"quel âge|âge",
        "number": r"combien de(?! temps)|nombre",
    },
    "es": {
        "time": r"cuándo|a qué hora|horarios?",
        "place": r"dónde|dirección",
        "person": r"quién|quiénes",
        "reason": r"por qué",
        "price": r"cuestan?|precios?|pagar|tarifas?",
        "duration": r"cuánto (?:tiempo|dura)|duración",
        "age": r"cuántos años|edad",
        "number": r"cuánt[oa]s(?! años)",
    },
    "it": {
        "time": r"quando|a che ora|orari(?:o)?",
        "place": r"dove|indirizzo",
        "person": r"chi",
        "reason": r"perché",
        "price": r"costano?|prezz[oi]|pagare|tariffe",
        "duration": r"quanto (?:tempo|dura)|durata",
        "age": r"quanti anni|età",
        "number": r"quant[ie](?! anni)",
    },
    "nl": {
        "time": r"wanneer|hoe laat|openingstijden",
        "place": r"waar|adres",
        "person": r"wie",
        "reason": r"waarom",
        "price": r"kosten|kost|prijs|prijzen|betalen",
        "duration": r"hoe lang|duur",
        "age": r"hoe oud|leeftijd",
        "number": r"hoeveel mensen|aantal",
    },
}


@cache
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _LISTED.get(language, {}).items()}


def asked_for(question: str, language: str) -> frozenset[str]:
    """What the question names as wanted. language: a code such as `en`; nothing is known of most others."""
    folded = question.casefold()
    return frozenset(kind for kind, pattern in _patterns(language).items() if pattern.search(folded))


def without_asked_for(question: str, language: str) -> str:
    """The rest of the question, in small letters."""
    rest = question.casefold()
    for pattern in _patterns(language).values():
        rest = pattern.sub(" ", rest)
    return rest


def is_known(language: str) -> bool:
    """Whether anything is known of the questions of a language."""
    return language in _LISTED
