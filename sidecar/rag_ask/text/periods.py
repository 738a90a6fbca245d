"""Periods: what a price or a count is for, as `per month`, `a year` and `wöchentlich`. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from rag_ask.text.dates import DAY
from rag_ask.text.figures import figures, in_numbers
from rag_ask.text.locales import convention
from rag_ask.text.quantifiers import all_words

_BEFORE = frozenset(
    word
    for listed in (
        "per a an each every /", "pro im am je der", "par la le l chaque", "por al cada", "all alla ogni", "elke",
        "ao à", "na za w", "в за",
    )
    for word in listed.split()
)  # fmt: skip
# Adjectives of an hour, a day, a week, a month and a year.
_UNITS = ("hour", "day", "week", "month", "year")
_LISTED = {
    "en": "hourly | daily | weekly | monthly | yearly annual annually",
    "de": "stündlich | täglich | wöchentlich | monatlich | jährlich",
    "fr": "horaire | quotidien quotidienne quotidiennement | hebdomadaire | mensuel mensuelle mensuels "
    "| annuel annuelle annuels",
    "es": "| diario diaria diariamente diarios | semanal semanales semanalmente | mensual mensuales mensualmente "
    "| anual anuales anualmente",
    "it": "| giornaliero giornaliera quotidiano | settimanale settimanali | mensile mensili "
    "| annuo annua annuale annuali",
    "nl": "| dagelijks dagelijkse | wekelijks wekelijkse | maandelijks maandelijkse | jaarlijks jaarlijkse",
    "pt": "| diário diária diariamente | semanal semanais | mensal mensais mensalmente | anual anuais anualmente",
    "pl": "| dziennie codziennie | tygodniowo tydzień tygodniu | miesięcznie miesiąc miesiącu | rocznie rok roku",
    "ru": "час | ежедневно день | еженедельно неделю | ежемесячно месяц | ежегодно год",
}
_ADJECTIVES = {
    code: {word: unit for unit, listed in zip(_UNITS, of.split("|"), strict=True) for word in listed.split()}
    for code, of in _LISTED.items()
}
_EVERY = re.compile(
    r"\b(?:every|each|jeden?|jede[mrs]?|chaque|cada|ogni|elke?|każd\w{1,3}|кажд\w{2,3})\s", re.IGNORECASE
)
_NTH = (
    "first|second|third|fourth|last|2nd|3rd|4th|1st|erste\\w?|zweite\\w?|dritte\\w?|vierte\\w?|letzte\\w?|premiers?|"
    "deuxième|troisième|dernier|primer|segundo|tercer|último|prim[oa]|second[oa]|terz[oa]|ultim[oa]|eerste|tweede|derde|"
    "laatste|primeir[oa]|segunda|últim[oa]|pierwsz\\w{1,3}|drug\\w{1,3}|ostatni\\w{0,3}|перв\\w{2,3}|втор\\w{2,3}|последн\\w{2,3}"
)
_NTH_DAY = re.compile(rf"\b(?:{_NTH})\s+(day\d)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+|\d+|/")


def says_another_period(said: str, language: str, told: str, language_told: str) -> bool:
    """`per month` where a page says `per year`."""
    here, there = periods(said, language), periods(told, language_told)
    return bool(here and there) and here.isdisjoint(there)


def adds_period(said: str, language: str, told: str, language_told: str) -> bool:
    """`every hour` where a page does not say how often, nor on which days."""
    has_day = any(figure.unit == DAY for figure in figures(told, language_told))
    return bool(_EVERY.search(said) and periods(said, language) and not periods(told, language_told) and not has_day)


def omits_ordinal(said: str, language: str, told: str, language_told: str) -> bool:
    """`every Tuesday` where a page says `the first Tuesday of each month`."""
    here, there = in_numbers(said, language), in_numbers(told, language_told)
    return any(match[1] in here for match in _NTH_DAY.finditer(there)) and not _NTH_DAY.search(here)


@lru_cache(maxsize=4096)
def periods(text: str, code: str) -> frozenset[str]:
    """The periods that a text names, without those that it counts: `30 days` is a duration.

    code: of the text's language.
    """
    rules, adjectives = convention(code), _ADJECTIVES.get(code, {})
    tokens = _TOKEN.findall(text.casefold())
    found = set()
    every = all_words(code)
    for earlier, before, word in zip(["", "", *tokens], ["", *tokens], tokens, strict=False):
        # `tous les jours` is `chaque jour`.
        is_for = before in _BEFORE or not every.isdisjoint((earlier, before))
        unit = rules.durations.get(word, "") if is_for else ""
        unit = unit or ("" if before.isdecimal() else adjectives.get(word, ""))
        found |= {unit} - {""}
    return frozenset(found)
