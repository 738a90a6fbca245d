"""Cell text: a value of a sheet -> what the sheet shows by its number format. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

_CURRENCY = re.compile(r"\[\$([^\]-]+)(?:-[^\]]*)?\]|\"([^\"]{1,5})\"|([€$£¥₹])")
_DECIMALS = re.compile(r"0[.,](0+)")


def cell_text(value: Any, number_format: str | None) -> str:
    """The text of a cell, '' when it is empty. Dates by ISO 8601, numbers with a decimal point."""
    shown = number_format or "General"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, shown)
    if isinstance(value, datetime):
        is_day = value.time() == time() and "h" not in shown.lower()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split())
    # What a formula that fails shows says nothing.
    return "" if re.fullmatch(r"#(?:REF|N/A|VALUE|DIV/0|NAME\?|NULL|NUM)!?", text) else text


def _number(value: float, shown: str) -> str:
    positive = shown.split(";")[0]
    places = len(found[1]) if (found := _DECIMALS.search(positive)) else 0
    if "%" in positive:
        return f"{_rounded(Decimal(str(value)) * 100, places)} %"
    if positive == "General" or not re.search(r"[0#]", positive) or "E+" in positive:
        return _plain(value)
    text = _rounded(Decimal(str(value)), places)
    currency = _CURRENCY.search(positive)
    if currency is None:
        return text
    sign = next(filter(None, currency.groups())).strip()
    is_first = currency.start() < re.search(r"[0#]", positive).start()  # type: ignore[union-attr]
    return f"{sign} {text}" if is_first else f"{text} {sign}"


def _rounded(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"


def _plain(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


def _duration(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"
