"""Periods: what a price or a count is for, as `per month`, `a year` and `wöchentlich`. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from rag_ask.text.locales import convention

_BEFORE = frozenset(
    word
    for listed in (
        "per a an each every /", "pro im am je der", "par la le l chaque", "por al cada", "all alla ogni", "elke",
        "ao à", "na za w", "в за",
    )
    for word in listed.split()
)  # fmt: skip
# Each an hour, a day, a week, a month and a year.
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
_TOKEN = re.compile(r"[^\W\d_]+|\d+|/")


def says_another_period(said: str, language: str, told: str, language_told: str) -> bool:
    """`per month` where a page says `per year`."""
    here, there = periods(said, language), periods(told, language_told)
    return bool(here and there) and here.isdisjoint(there)


@lru_cache(maxsize=4096)
def periods(text: str, code: str) -> frozenset[str]:
    """The periods that a text names, without those that it counts: `30 days` is a duration.

    code: of the text's language.
    """
    rules, adjectives = convention(code), _ADJECTIVES.get(code, {})
    tokens = _TOKEN.findall(text.casefold())
    found = set()
    for before, word in zip(["", *tokens], tokens, strict=False):
        unit = rules.durations.get(word, "") if before in _BEFORE else ""
        unit = unit or ("" if before.isdecimal() else adjectives.get(word, ""))
        found |= {unit} & set(_UNITS)
    return frozenset(found)
