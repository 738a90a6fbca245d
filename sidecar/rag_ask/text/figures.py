"""Figures: numbers, days, months, codes and addresses of a text in one form: `7:00`, `7 am` and `seven` are the same.

Pure. Numbers are read by the rules of the text's language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from rag_ask.text.clock import with_half_of_day
from rag_ask.text.dates import CALENDAR, DAY, MONTH, between, in_dates
from rag_ask.text.fractions import without_fractions
from rag_ask.text.locales import Convention, convention
from rag_ask.text.normalize import normalize
from rag_ask.text.numerals import in_figures
from rag_ask.text.stop_words import stop_words

CURRENCY, PERCENT, TIME, CODE = "currency", "concentr-percent", "time", "code"
DURATION = "duration"
# PERCENT is CLDR's name, which `30 Prozent` has too. TIMES: how often.
TIMES = "times"
PER = frozenset(["per", "a", "an", "pro", "im", "am", "je", "par", "por", "al", "à", "ao", "na", "za", "w", "в", "за"])
_TIMES = ("times", "mal", "fois", "veces", "volte", "keer", "vezes", "razy", "раза", "раз")
WHEN = (DAY, MONTH)
# Not written: a day between two others.
BETWEEN = "between"
MAX_DIGITS = 40


class Figure(NamedTuple):
    """forms: what it may be meant as. after: the word after it. unit: CURRENCY and so on, "" for what is counted.

    exact: how long a duration is, as `3600 s` or `12 m` (months).
    """

    forms: frozenset[str]
    after: str
    unit: str
    exact: str = ""

    def is_same(self, other: Figure) -> bool:
        """Whether both may be meant as the same: 60 minutes are an hour, and 2 weeks are not 2 months."""
        if self.exact and other.exact:
            return self.exact == other.exact
        return bool(self.forms & other.forms) and is_of_one_unit(self, other)


_HALF = r"(?:\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w))?"
_TOKEN = re.compile(
    # E-mail and web addresses, numbers with or without half of the day, codes; and words, for what follows a figure.
    # Bounded: an address that is looked for at each character of a long run takes quadratic time.
    r"\S{1,64}@\S+|https?://\S+|(?:[a-z\d-]{0,62}[a-z-]\.){1,9}[a-z]{2,}(?:/\S*)?"
    rf"|(?<![A-Za-z\d])\d+(?:[.,:]\d+)*{_HALF}"
    r"|(?<!\w)[A-Za-z]+-?\d[\w-]*|[^\W\d_]+|[-–—%‰€$£¥₹₽₺₩;,|]"
)
_NUMBER = re.compile(rf"\d+(?:[.,:]\d+)*{_HALF}")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:([\u00a0\u202f '’])\d{3})(?:\1\d{3}){0,4}(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_CURRENCY_NEAR = re.compile(r"\s?[€$£¥₹₽₺₩]|\s?[.,]\d\d\b")
# `9h30`, `12 h 30` and `9 h`; and what may be a time or a decimal: `14.30`.
_HOURS = re.compile(r"(?<![\w.,:])(\d{1,2})\s?h(?:\s?([0-5]\d))?(?!\w)", re.IGNORECASE)
_POINTED_TIME = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTION = re.compile(r"(?:(?<!\d)(\d{1,9})\s?)?([½¼¾])")
# In seconds, or in months.
_LENGTHS = {
    "second": (1, "s"), "minute": (60, "s"), "hour": (3600, "s"), "day": (86_400, "s"), "week": (604_800, "s"),
    "month": (1, "m"), "year": (12, "m"),
}  # fmt: skip
_EASTERN_MONEY = re.compile(r"(?<=\d)\s?(?:円|圓|元|块|塊|원|บาท)")
_SIGNS = {"%": PERCENT, "‰": PERCENT} | dict.fromkeys("€$£¥₹₽₺₩", CURRENCY)
# What follows these is not counted by what is before them.
_PARTING = ("-", "–", "—", ";", ",", "|")


@lru_cache(maxsize=4096)
def figures(text: str, code: str) -> list[Figure]:
    """Each figure of the text with the word after it. A figure is the set of forms it may be meant in.

    code: of the text's language, for numbers written as words and for the signs in numbers.
    """
    rules = convention(code)
    whole = _FRACTION.sub(lambda match: (match[1] or "0") + _FRACTIONS[match[2]], text)
    spelled = in_numbers(whole, code)
    folded = _HOURS.sub(_time, _without_groups(normalize("NFKC", spelled).casefold(), rules))
    folded = _EASTERN_MONEY.sub("¥ ", folded)
    folded = with_half_of_day(folded, code)
    tokens = [match[0] for match in _TOKEN.finditer(folded)]
    found = []
    for position, token in enumerate(tokens):
        if forms := _forms(token, rules):
            before = tokens[position - 1] if position else ""
            after = tokens[position + 1] if position + 1 < len(tokens) else ""
            following = [*takewhile(lambda one: one not in _PARTING, tokens[position + 1 : position + 3])]
            if before[:1].isdecimal() and token in rules.measures:
                # `3 m2` is one figure.
                continue
            unit = _unit(token, before, following, rules)
            counted = after if unit != CURRENCY and _is_counted(after, code, rules) else ""
            found.append(Figure(forms, counted, unit, _exact(token, after, rules) if unit == DURATION else ""))
    return [*found, *(Figure(frozenset([one]), "", BETWEEN) for one in between(tokens))]


# The check of a sentence reads it and each text of its page several times over.
@lru_cache(maxsize=256)
def in_numbers(text: str, code: str) -> str:
    """The text with its numbers in figures, and days and months by their number: `day1`, `month12`."""
    return in_figures(without_fractions(in_dates(text, code), code or "en"), code or "en")


def is_of_one_unit(one: Figure, other: Figure) -> bool:
    """Whether both may count the same. German says `8 Uhr` and Dutch `8 uur`, for a time and for a duration."""
    units = {one.unit, other.unit} - {""}
    return len(units) < 2 or units <= {TIME, DURATION} or units <= {*WHEN, BETWEEN}


def _time(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2] or '00'}"


def _without_groups(text: str, rules: Convention) -> str:
    """`1 000` -> `1000`, where the language writes so or money is meant; `1'000` everywhere."""

    def joined(match: re.Match[str]) -> str:
        is_plain = match[1] == " " and not rules.groups_by_space
        after = match.string[match.end() : match.end() + 16].split()
        if is_plain and not (
            _CURRENCY_NEAR.match(match.string, match.end())
            or match.string[max(0, match.start() - 1) : match.start()] in _SIGNS
            or (after and after[0].strip(".,;:") in rules.currencies)
        ):
            return match[0]
        return re.sub(r"\D", "", match[0])

    return _GROUPED.sub(joined, text)


def _is_counted(after: str, code: str, rules: Convention) -> bool:
    """`21 to` and `21 per` count nothing that is named."""
    return after.isalpha() and not (rules.parts_words and (after in PER or after in stop_words(code)))


def _unit(token: str, before: str, following: list[str], rules: Convention) -> str:
    after = following[0] if following else ""
    if named := CALENDAR.fullmatch(token):
        return named[1]
    if not token[0].isdecimal():
        return CODE
    if ":" in token or token.endswith(("m", "m.")):
        return TIME
    # In `7 pm £5` the sign belongs to what follows.
    is_before_another = len(following) > 1 and following[1][0].isdecimal()
    if sign := _SIGNS.get(before) or (None if is_before_another else _SIGNS.get(after)):
        return sign
    if after in rules.currencies or before in rules.currencies or after == "zł":
        return CURRENCY
    if measure := rules.measure(following):
        return measure
    # "5 business days", "5 Werktage"; not "5 per day".
    if any(_is_duration(word, rules) for word in following[: 1 if after in PER else 2]):
        return DURATION
    if after in _TIMES:
        return TIMES
    return TIME if after in ("uhr", "h", "hrs", "ora", "uur") else ""


def _is_duration(word: str, rules: Convention) -> bool:
    return not CALENDAR.fullmatch(word) and bool(rules.duration(word))


def _exact(token: str, after: str, rules: Convention) -> str:
    """`60`, `minutes` -> `3600 s`; nothing for `5 business days`."""
    unit = rules.durations.get(after, "") if rules.parts_words else rules.duration(after)
    if not unit or not re.fullmatch(r"\d{1,6}(?:[.,]\d{1,2})?", token):
        return ""
    many, name = _LENGTHS[unit]
    return f"{float(token.replace(',', '.')) * many:g} {name}"


def _forms(token: str, rules: Convention) -> frozenset[str]:
    if token in _SIGNS or token in _PARTING:
        return frozenset()
    if not _NUMBER.fullmatch(token):
        if "@" in token or "." in token or "://" in token:
            return frozenset([token.removeprefix("https://").removeprefix("http://").strip(".,;:()<>/")])
        return frozenset([token.replace("-", "")] if any(character.isdecimal() for character in token) else [])
    number = token.rstrip("apm. ")
    plain = _plain(number)
    half = token[len(number) :].replace(".", "").strip()
    hour, _, minutes = plain.partition(":")
    forms = {plain}
    if _THOUSANDS.fullmatch(number) and number.count(rules.decimal) == 1:
        # `1.250` is a decimal in English, and thousands to whoever writes German.
        forms.add(_plain(f"{number}0"))
    if _POINTED_TIME.fullmatch(number):
        hour, _, minutes = _plain(number.replace(".", ":")).partition(":")
        forms.add(f"{hour}:{minutes}" if minutes else hour)
    if half == "pm" and re.fullmatch(r"\d|1[01]", hour):
        forms.add(f"{int(hour) + 12}" + (f":{minutes}" if minutes else ""))
    return frozenset(forms)


def _plain(number: str) -> str:
    """`1,250` -> `1250`, `1.250,50` -> `1250.5`, `3.20` and `3,2` -> `3.2`, `07:00` -> `7`."""
    # `127.0.0.1:80` is no time, and Python reads no number of thousands of digits.
    if len(number) > MAX_DIGITS or (":" in number and not number.partition(":")[0].isdecimal()):
        return number
    if ":" in number:
        hour, _, minutes = number.partition(":")
        return str(int(hour)) if not minutes.strip("0") else f"{int(hour)}:{minutes}"
    if _THOUSANDS.fullmatch(number):
        return re.sub("[.,]", "", number)
    # The last sign parts the decimals, those before it thousands.
    last = max(number.rfind("."), number.rfind(","))
    if last >= 0 and number[last] in number[:last]:
        return number
    whole, decimals = (number, "") if last < 0 else (number[:last], number[last + 1 :])
    whole, decimals = re.sub("[.,]", "", whole), decimals.rstrip("0")
    return f"{int(whole)}.{decimals}" if decimals else str(int(whole))
