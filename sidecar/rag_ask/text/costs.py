"""Costs: does a text say that something costs something, or nothing? Pure."""

from __future__ import annotations

import re
from functools import cache

from rag_ask.text.figures import CURRENCY, figures
from rag_ask.text.negation import negations

NOTHING, SOMETHING = "nothing", "something"
# What costs nothing or nothing more, and after the bar what costs more; where grammar tells, not `the free plan`.
_LISTED = {
    "en": r"(?<![-‐])free(?= (?:of charge|on|for|if|in|and|with|when|but|up|until|at|to)\b| ?[^\w\s]|$)|included"
    r"|inclusive|includes|complimentary|exempt(?:ed)? || extra|separately|surcharge|excluded|exclusive",
    "de": r"kostenlos\w{0,2}|kostenfrei\w{0,2}|frei(?:e[nrs]?)?|gratis|umsonst|enthalten|inbegriffen|inklusive|befreit"
    r" || extra|gesondert|aufpreis|zuschlag|zusätzlich berechnet|ausgeschlossen|kostenpflichtig\w{0,2}",
    "fr": r"gratuite?s?|gratuitement|inclus(?:es?)?|compris(?:es?)?|offerte?s?|exonérée?s? "
    r"|| en supplément|à part|payante?s?|exclu(?:es?)?|exclus",
    "es": r"gratis|gratuit[oa]s?|gratuitamente|inclu(?:id[oa]s?|yen?)|exent[oa]s? "
    r"|| aparte|suplemento|extra|excluid[oa]s?",
    "it": r"gratis|gratuit[oaie]|gratuitamente|inclus[oaie]|compres[oaie]|esonerat[oaie]|esenti? "
    r"|| extra|a parte|supplemento|a pagamento|esclus[oaie]",
    "nl": r"gratis|kosteloos|inbegrepen|inclusief|vrijgesteld || extra|apart|toeslag|exclusief|uitgesloten",
    "pt": r"grátis|gratuit[oa]s?|gratuitamente|incluíd[oa]s?|inclui|isent[oa]s? "
    r"|| à parte|extra|suplemento|excluíd[oa]s?",
    "pl": r"bezpłatn\w{1,3}|darmow\w{1,3}|za darmo|wliczon\w{1,3}|w cenie|zwolnion\w{1,2} "
    r"|| dodatkowo płat\w{1,3}|dopłat\w{1,2}|płatn\w{1,3}",
    "ru": r"бесплатн\w{1,3}|включ[её]н\w{0,2}|освобожд[её]н\w{0,2} || отдельно|доплат\w{1,2}|платн\w{2}",
}
_PAY = re.compile(
    r"\b(?:pay\w*|cost\w*|charge\w*|fee|koste\w*|zahl\w*|bezahl\w*|coût\w*|pai\w*|paye\w*|cuesta\w*|pag\w*|costa\w*|"
    r"custa\w*|kost|betaal\w*|betal\w*|płac\w*|kosztuj\w*|плат\w*|стоит)\b",
    re.IGNORECASE,
)


def agree_on_costs(said: str, code: str, told: str, code_told: str) -> bool | None:
    """Whether what is said costs nothing, or something, as a page tells; None when one of them does not say so."""
    ours, theirs = costs(said, code), costs(told, code_told)
    if ours and _has_amount(told, code_told) and not _has_amount(said, code):
        theirs |= {SOMETHING}
    return bool(ours & theirs) if ours and theirs else None


def costs(text: str, code: str) -> frozenset[str]:
    """NOTHING, SOMETHING or both, said in words. code: of the text's language."""
    found = frozenset(
        means if match["no"] is None else other
        for pattern, means, other in _patterns(code)
        for match in pattern.finditer(text)
    )
    if not found and _PAY.search(text) and not _has_amount(text, code):
        return frozenset([NOTHING if _NO[code].search(text) else SOMETHING]) if code in _NO else found
    return found


def without_costs(text: str, code: str) -> str:
    """The text without the words that say so, and without the no that is said of them."""
    if code not in _NO:
        return text
    rest = text
    for pattern, _, _ in _patterns(code):
        rest = pattern.sub(" ", rest)
    return _NO[code].sub(" ", text) if rest == text and _PAY.search(text) else rest


def _has_amount(text: str, code: str) -> bool:
    return any(figure.unit == CURRENCY for figure in figures(text, code))


_NO = {code: re.compile(rf"\b(?:{'|'.join(sorted(negations(code)))})\b", re.IGNORECASE) for code in _LISTED}


@cache
def _patterns(code: str) -> list[tuple[re.Pattern[str], str, str]]:
    """What to look for, what it means, and what it means after "not" and at most two words."""
    if code not in _LISTED:
        return []
    no = rf"(?:{_NO[code].pattern.replace('(?:', '(?P<no>', 1)}(?:[^\w.;]+\w+){{0,2}}[^\w.;]+)?"
    nothing, something = (
        re.compile(rf"{no}\b(?:{part.strip()})(?!\w)", re.IGNORECASE) for part in _LISTED[code].split("||")
    )
    return [(nothing, NOTHING, SOMETHING), (something, SOMETHING, NOTHING)]
