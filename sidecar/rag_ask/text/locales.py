"""Locales: how a language writes numbers, days, months and currencies, by Babel's data (CLDR). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

from rag_ask.text.normalize import normalize
from rag_ask.text.stop_words import stop_words

# Whose names are looked for after a figure; others are known by their code or sign.
_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "PLN", "CZK", "SEK", "NOK", "DKK", "HUF", "TRY", "RUB")
_PARTS_OF_THEM = ("cent", "cents", "pence", "céntimos", "centimes", "centesimi")
_DURATIONS = ("second", "minute", "hour", "day", "week", "month", "year")
_MEASURES = (
    "length-millimeter", "length-centimeter", "length-meter", "length-kilometer", "length-inch", "length-foot",
    "length-mile", "area-square-meter", "area-square-foot", "area-hectare", "mass-gram", "mass-kilogram", "mass-tonne",
    "mass-ounce", "mass-pound", "volume-milliliter", "volume-centiliter", "volume-liter", "volume-cubic-meter",
    "volume-pint", "volume-gallon", "digital-kilobyte", "digital-megabyte", "digital-gigabyte", "digital-terabyte",
    "digital-megabit", "digital-gigabit", "power-watt", "power-kilowatt", "energy-kilowatt-hour", "energy-kilocalorie",
    "temperature-celsius", "temperature-fahrenheit", "speed-kilometer-per-hour", "speed-mile-per-hour",
    "concentr-percent",
)  # fmt: skip
# Where a language has names of its own: "metres".
_REGIONS = {"en": "en_GB", "pt": "pt_PT"}
# What is no abbreviation in CLDR, and is said all the same.
_KILOS = dict.fromkeys(("kilo", "kilos", "quilo", "quilos", "кило"), "mass-kilogram")
_JOINING = frozenset(["da", "de", "fi", "hu", "nb", "nl", "no", "sv"])
_FORMS = ("format", "stand-alone")
# Words are not parted by spaces.
_UNPARTED = frozenset(["ja", "ko", "zh"])


@dataclass(frozen=True)
class Convention:
    """decimal, group: signs in a number. days, months: names, Monday and January are 1; short_*: abbreviations.

    currencies: the words that a currency's name begins or ends with ("euros", "dollars"). durations: "minutes" and the
    like, each with its unit. measures: "metres", "kg" and the like, each with its unit. joins_words: `Werktage` is one
    word. parts_words: by spaces.
    """

    decimal: str
    group: str
    days: dict[str, int]
    months: dict[str, int]
    short_days: dict[str, int]
    short_months: dict[str, int]
    currencies: frozenset[str]
    durations: dict[str, str]
    measures: dict[str, str]
    joins_words: bool
    parts_words: bool

    @property
    def groups_by_space(self) -> bool:
        """`1 000`."""
        return self.group.isspace()

    def duration(self, word: str) -> str:
        """The unit of a word that tells a duration, or "": `Werktagen` is one of `Tage`, `godzinami` of `godziny`."""
        if word in self.durations:
            return self.durations[word]
        if not self.parts_words:
            return _beginning(word, self.durations)
        for name, unit in self.durations.items():
            is_end = self.joins_words and word.endswith((name, f"{name}n", f"{name}en"))
            if is_end or (word[:4] == name[:4] and abs(len(word) - len(name)) < 4):
                return unit
        return ""

    def measure(self, following: Sequence[str]) -> str:
        """The unit of what follows a number, or "": of `square metres` and of `kg`."""
        if not following or not self.parts_words:
            return _beginning(following[0], self.measures) if following else ""
        return self.measures.get(" ".join(following)) or self.measures.get(following[0], "")


def _beginning(word: str, units: Mapping[str, str]) -> str:
    name = max((name for name in units if word.startswith(name)), key=len, default="")
    return units.get(name, "")


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
        _measures(locale),
        locale.language in _JOINING,
        locale.language not in _UNPARTED,
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
    found = ((name, unit) for unit in _DURATIONS for name in _names_of(locale, f"duration-{unit}"))
    # "h" and "d" stand for too much.
    least = 1 if locale.language in _UNPARTED else 3
    return {name: unit for name, unit in found if " " not in name and len(name) >= least}


def _measures(locale: Locale) -> dict[str, str]:
    regions = [locale, *(Locale.parse(one) for one in [_REGIONS.get(locale.language)] if one)]
    found = ((name, unit) for one in regions for unit in _MEASURES for name in _names_of(one, unit))
    return _KILOS | {name: unit for name, unit in found if name not in stop_words(locale.language)}


def _names_of(locale: Locale, unit: str) -> Iterator[str]:
    """The long and short names of a unit, folded: "square metres", "m2"."""
    forms = locale._data.get("unit_patterns", {}).get(unit, {})
    for length in ("long", "short"):
        for count, form in forms.get(length, {}).items():
            if count != "per" and isinstance(form, str):
                yield normalize("NFKC", form.replace("{0}", "")).casefold().strip(" .°\u200f\u200e")
