"""Redact: a visitor's text without e-mail addresses, telephone numbers and card numbers. Pure."""

from __future__ import annotations

import re

_IN_ADDRESS = r"[^\s@<>()\[\],;:\"']"
# From the beginning of a word, so that a long one is read once.
EMAIL = re.compile(rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}+@{_IN_ADDRESS}+\.[^\s@<>()\[\],;:\"'.!?]+")
# Digits in groups, as numbers of cards, accounts and telephones are written.
NUMBER = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ \u00a0./()-]{0,3}\d){6,}(?![\w])")
DATE = re.compile(r"(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{4}|\d{2}))")
# Any number as long as this; a shorter one only when it is written like a telephone's.
LONG_DIGITS = 9


def mask(text: str) -> str:
    """`Call 020 7946 0958 or me@example.com` -> `Call [number] or [e-mail]`. Prices, years and dates stay."""
    return NUMBER.sub(_number, EMAIL.sub("[e-mail]", text))


def _number(match: re.Match[str]) -> str:
    found = match[0]
    digits = sum(character.isdecimal() for character in found)
    is_telephone = found[0] in "+(0" or not found.isdecimal()
    if DATE.fullmatch(found) or (digits < LONG_DIGITS and not is_telephone):
        return found
    return "[number]"
