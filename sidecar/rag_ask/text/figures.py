"""Figures: numbers, codes and addresses of a text in one form: `7:00`, `7 am` and `seven` are the same. Pure."""

from __future__ import annotations

import re

from rag_ask.text.normalize import normalize
from rag_ask.text.numerals import NUMBER_WORDS, in_figures

_FIGURE = re.compile(
    # E-mail and web addresses, numbers with or without half of the day, codes; and words, for what follows a figure.
    # Bounded: an address that is looked for at each character of a long run takes quadratic time.
    r"\S{1,64}@\S+|https?://\S+|(?:[a-z\d-]{0,62}[a-z-]\.){1,9}[a-z]{2,}(?:/\S*)?"
    r"|(?<![A-Za-z\d])\d+(?:[.,:]\d+)*(?:\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w))?"
    r"|(?<!\w)[A-Za-z]+-?\d[\w-]*|[^\W\d_]+"
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*(?:\s?(?:am|pm|a\.m\.|p\.m\.))?")
MAX_DIGITS = 40
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
# `9h30`, `12 h 30` and `9 h`; and what may be a time or a decimal: `14.30`.
_HOURS = re.compile(r"(?<![\w.,:])(\d{1,2})\s?h(?:\s?([0-5]\d))?(?!\w)", re.IGNORECASE)
_POINTED_TIME = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTION = re.compile(r"(?:(?<!\d)(\d{1,9})\s?)?([½¼¾])")


def figures(text: str, code: str) -> list[tuple[frozenset[str], str]]:
    """Each figure of the text with the word after it. A figure is the set of forms it may be meant in.

    code: of the text's language, for numbers written as words.
    """
    spelled = NUMBER_WORDS.get(code, NUMBER_WORDS["en"])
    whole = _FRACTION.sub(lambda match: (match[1] or "0") + _FRACTIONS[match[2]], text)
    folded = _HOURS.sub(_time, in_figures(normalize("NFKC", whole).casefold()))
    tokens = [match[0] for match in _FIGURE.finditer(folded)]
    found = []
    for position, token in enumerate(tokens):
        forms = _forms(token, spelled)
        if forms:
            after = tokens[position + 1] if position + 1 < len(tokens) else ""
            found.append((forms, after if after.isalpha() else ""))
    return found


def _time(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}" if match[2] else match[1]


def _forms(token: str, spelled: dict[str, str]) -> frozenset[str]:
    if token in spelled:
        return frozenset([spelled[token]])
    if not _NUMBER.fullmatch(token):
        if "@" in token or "." in token or "://" in token:
            return frozenset([token.removeprefix("https://").removeprefix("http://").strip(".,;:()<>/")])
        return frozenset([token.replace("-", "")] if any(character.isdecimal() for character in token) else [])
    number = token.rstrip("apm. ")
    plain = _plain(number)
    half = token[len(number) :].replace(".", "").strip()
    hour, _, minutes = plain.partition(":")
    forms = {plain}
    if _POINTED_TIME.fullmatch(number):
        hour, _, minutes = _plain(number.replace(".", ":")).partition(":")
        forms.add(f"{hour}:{minutes}" if minutes else hour)
    if half == "pm" and re.fullmatch(r"\d|1[01]", hour):
        forms.add(f"{int(hour) + 12}" + (f":{minutes}" if minutes else ""))
    return frozenset(forms)


def _plain(number: str) -> str:
    """`1,250` -> `1250`, `3.20` and `3,2` -> `3.2`, `07:00` -> `7`."""
    # `127.0.0.1:80` is no time, and Python reads no number of thousands of digits.
    if len(number) > MAX_DIGITS or (":" in number and not number.partition(":")[0].isdecimal()):
        return number
    if ":" in number:
        hour, _, minutes = number.partition(":")
        return str(int(hour)) if not minutes.strip("0") else f"{int(hour)}:{minutes}"
    if _THOUSANDS.fullmatch(number):
        return re.sub("[.,]", "", number)
    whole, _, decimals = number.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    return f"{int(whole)}.{decimals}" if decimals else str(int(whole))
