"""Locales: how a language writes numbers, days, months and currencies, by Babel's data (CLDR). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

# Whose names are looked for after a figure; others are known by their code or sign.
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "TRY", "RUB")
_PARTS_OF_THEM = ("cent", "cents", "pence", "céntimos", "centimes", "centesimi")
_DURATIONS = ("second", "minute", "hour", "day", "week", "month", "year")
_JOINING = frozenset(["da", "de", "fi", "hu", "nb", "nl", "no", "sv"])
_FORMS = ("format", "stand-alone")


@dataclass(frozen=True)
class Convention:
    """decimal, group: signs in a number. days, months: names, Monday and January are 1; short_*: abbreviations.

    currencies: the words that a currency's name begins or ends with ("euros", "dollars"). durations: "minutes" and the
    like, each with its unit. joins_words: `Werktage` is one word.
    """

    decimal: str
    group: str
    days: dict[str, int]
    months: dict[str, int]
    short_days: dict[str, int]
    short_months: dict[str, int]
    currencies: frozenset[str]
    durations: dict[str, str]
    joins_words: bool

    @property
    def groups_by_space(self) -> bool:
        """`1 000`."""
        return self.group.isspace()

    def duration(self, word: str) -> str:
        """The unit of a word that tells a duration, or "": `Werktagen` is one of `Tage`, `godzinami` of `godziny`."""
        if word in self.durations:
            return self.durations[word]
        for name, unit in self.durations.items():
            is_end = self.joins_words and word.endswith((name, f"{name}n", f"{name}en"))
            if is_end or (word[:4] == name[:4] and abs(len(word) - len(name)) < 4):
                return unit
        return ""


@cache
def convention(language: str) -> Convention:
    """The convention of a language (ISO 639-1 code); of English when it is not known."""
    try:
        locale = Locale.parse(language or "en")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    symbols = locale.number_symbols["latn"]
    days, months = locale.days, locale.months
    return Convention(
        symbols["decimal"],
        symbols["group"],
        _named((day + 1, name) for form in _FORMS for day, name in days[form]["wide"].items()),
        _named(one for form in _FORMS for one in months[form]["wide"].items()),
        _named((day + 1, name) for form in _FORMS for day, name in days[form]["abbreviated"].items()),
        _named(one for form in _FORMS for one in months[form]["abbreviated"].items()),
        _currencies(locale),
        _durations(locale),
        locale.language in _JOINING,
    )


def _named(names: Iterable[tuple[int, str]]) -> dict[str, int]:
    # Portuguese leaves out what its days end in: "segunda a sexta-feira".
    return {form: number for number, name in names for form in (name.casefold().rstrip("."), *_without_end(name))}


def _without_end(name: str) -> list[str]:
    return [name.split("-")[0].casefold()] if "-" in name else []


def _currencies(locale: Locale) -> frozenset[str]:
    plural = locale._data.get("currency_names_plural", {})
    names = [locale.currencies.get(code, "") for code in _CURRENCIES]
    names += [name for code in _CURRENCIES for name in plural.get(code, {}).values()]
    words = [name.casefold().split() for name in names if name]
    ends = {word for name in words for word in (name[0], name[-1])}
    return frozenset({*ends, *_PARTS_OF_THEM, *(code.casefold() for code in _CURRENCIES)})


def _durations(locale: Locale) -> dict[str, str]:
    patterns = locale._data.get("unit_patterns", {})
    found: dict[str, str] = {}
    for unit in _DURATIONS:
        forms = patterns.get(f"duration-{unit}", {}).get("long", {}).values()
        names = (form.replace("{0}", "").casefold().split() for form in forms if isinstance(form, str))
        found |= {name[0]: unit for name in names if len(name) == 1 and len(name[0]) > 2}
    return found
