"""Dates: days and months of a text by their number, `day1` for Monday and `month12` for December. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rag_ask.text.locales import Convention, convention
from rag_ask.text.normalize import normalize

DAY, MONTH = "day", "month"
DAYS, MONTHS = 7, 12
CALENDAR = re.compile(rf"({DAY}|{MONTH})(\d{{1,2}})")
# Between two days or months: what lies between them is meant too.
_UNTIL = frozenset(
    ["-", "–", "—", "to", "till", "until", "through", "bis", "à", "au", "a", "al", "hasta", "tot", "do", "до"]
)
_NAME = re.compile(r"[^\W\d_]+(?:-feira)?\b\.?")
_AFTER_SHORT = re.compile(r"\.?\s?[-–—:|/&,\d]|\.|\s*\Z")
_JOINED = r"[.,]{0,2}\s?(?:[-–—/&,]|and|to|und|bis|et|à|au|y|a|e|ed|en|tot|i|do|и|до)?\s?"
# `2026-09-30`; and `30.9.`, `30.09.2026`, `30/09/2026`, the day first.
_ISO = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])-([0-2]\d|3[01])(?![\d-])")
_POINTED = re.compile(r"(?<![\d.,:])([0-2]?\d|3[01])\.\s?(0?[1-9]|1[0-2])\.(?:\s?(\d{4})(?!\d))?(?![\d€$£])")
_SLASHED = re.compile(r"(?<![\d/])([0-2]?\d|3[01])/(0?[1-9]|1[0-2])/(\d{4})(?![\d/])")
# Where a name of a day or a month ends otherwise when something happens on or in it: `w lutym`, `по средам`.
_CASES = {
    "pl": "a/u ego/ym ada/adzie a/ę a/y la/le ek/ki ek/ku",
    "ru": "я/е а/е а/у а/ам ник/никам г/гам е/ям",
}


def in_dates(text: str, code: str) -> str:
    """The text with its days and months by their number, and with dates in figures as `30 month9 2026`.

    code: of the text's language.
    """
    rules = convention(code)
    text = _ISO.sub(lambda found: f"{int(found[3])} {MONTH}{int(found[2])} {found[1]}", normalize("NFC", text))
    if code != "en":
        text = _POINTED.sub(_day_first, text)
        text = _SLASHED.sub(_day_first, text)
    if listed := _listed_short_days(code):
        text = listed.sub(lambda found: _NAME.sub(lambda one: _short_day(one, rules), found[0]), text)
    return _NAME.sub(lambda found: _named(found, rules, code), text)


def between(tokens: Sequence[str]) -> Iterator[str]:
    """The days between `Tue` and `Fri`, and the months between `April` and `October`."""
    for first, until, last in zip(tokens, tokens[1:], tokens[2:], strict=False):
        one, end = CALENDAR.fullmatch(first), CALENDAR.fullmatch(last)
        if until in _UNTIL and one and end and one[1] == end[1]:
            count = DAYS if one[1] == DAY else MONTHS
            steps = range(int(one[2]), int(one[2]) + (int(end[2]) - int(one[2])) % count - 1)
            yield from (f"{one[1]}{step % count + 1}" for step in steps)


def _day_first(found: re.Match[str]) -> str:
    return f"{int(found[1])} {MONTH}{int(found[2])}" + (f" {found[3]}" if found[3] else " ")


@cache
def _listed_short_days(code: str) -> re.Pattern[str] | None:
    """`Mo, Mi und Fr`: several abbreviations in a row are days, whatever follows."""
    names = sorted((name.title() for name in convention(code).short_days if len(name) > 1), key=len, reverse=True)
    one = "|".join(map(re.escape, names))
    return re.compile(rf"(?<!\w)(?:{one})(?!\w)(?:{_JOINED}(?:{one})(?!\w)){{1,6}}") if names else None


def _short_day(found: re.Match[str], rules: Convention) -> str:
    number = rules.short_days.get(found[0].rstrip(".").casefold())
    return f"{DAY}{number} " if number else found[0]


def _named(found: re.Match[str], rules: Convention, code: str) -> str:
    """`Monday` -> `day1`. `may` is a word, and so is `So` before anything but a dash, a colon or a figure."""
    name = found[0].rstrip(".").casefold()
    end = found[0][len(found[0].rstrip(".")) :]
    before = found.string[: found.start()].rstrip()
    is_first = not before or before[-1] in ".!?"
    # "May we ...": what grammar begins a sentence with.
    is_name = found[0][0].isupper() and not (is_first and name == "may") if code in ("", "en") else True
    cases = _in_cases(code)
    for kind, names, short in ((DAY, rules.days, rules.short_days), (MONTH, rules.months, rules.short_months)):
        # "Mondays"; but French "mais" is no month.
        plural = name.removesuffix("s") if kind == DAY else name
        if is_name and (number := names.get(name) or names.get(plural)):
            return f"{kind}{number}{end}"
        is_short = found[0][0].isupper() and _AFTER_SHORT.match(found.string, found.end() - len(end))
        if is_short and len(name) > 1 and (number := short.get(name)):
            return f"{kind}{number} "
    return cases.get(name, "") + end if name in cases else found[0]


@cache
def _in_cases(code: str) -> dict[str, str]:
    """Inflected names -> `day3`, in languages that decline them."""
    rules = convention(code)
    return {
        name.removesuffix(end) + other: f"{kind}{number}"
        for kind, names in ((DAY, rules.days), (MONTH, rules.months))
        for name, number in names.items()
        for end, _, other in (case.partition("/") for case in _CASES.get(code, "").split())
        if name.endswith(end)
    }
