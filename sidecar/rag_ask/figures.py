"""Figures: numbers, codes and addresses of a text in one form: `7:00`, `7 am` and `seven` are the same. Pure."""

from __future__ import annotations

import re
import unicodedata

from rag_ask.numerals import NUMBER_WORDS, in_figures

_FIGURE = re.compile(
    # E-mail and web addresses, numbers with or without half of the day, codes; and words, for what follows a figure.
    r"\S+@\S+|https?://\S+|(?:[a-z\d-]*[a-z-]\.)+[a-z]{2,}(?:/\S*)?"
    r"|(?<![A-Za-z\d])\d+(?:[.,:]\d+)*(?:\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w))?"
    r"|(?<!\w)[A-Za-z]+-?\d[\w-]*|[^\W\d_]+"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def figures(text: str, code: str) -> list[tuple[frozenset[str], str]]:
    """Each figure of the text with the word after it. A figure is the set of forms it may be meant in.

    code: of the text's language, for numbers written as words.
    """
    spelled = NUMBER_WORDS.get(code, NUMBER_WORDS["en"])
    folded = in_figures(unicodedata.normalize("NFKC", text).casefold())
    tokens = [match[0] for match in _FIGURE.finditer(folded)]
    found = []
    for position, token in enumerate(tokens):
        forms = _forms(token, spelled)
        if forms:
            after = tokens[position + 1] if position + 1 < len(tokens) else ""
            found.append((forms, after if after.isalpha() else ""))
    return found


def _forms(token: str, spelled: dict[str, str]) -> frozenset[str]:
    if token in spelled:
        return frozenset([spelled[token]])
    if "@" in token or (not token[0].isdigit() and "." in token) or "://" in token:
        return frozenset([token.removeprefix("https://").removeprefix("http://").strip(".,;:()<>/")])
    if not any(character.isdigit() for character in token):
        return frozenset()
    if not token[0].isdigit():
        return frozenset([token.replace("-", "")])
    number = token.rstrip("apm. ")
    plain = _plain(number)
    half = token[len(number) :].replace(".", "").strip()
    if half == "pm" and plain.split(":")[0].isdigit() and int(plain.split(":")[0]) < 12:
        hour, _, minutes = plain.partition(":")
        return frozenset([plain, f"{int(hour) + 12}" + (f":{minutes}" if minutes else "")])
    return frozenset([plain])


def _plain(number: str) -> str:
    """`1,250` -> `1250`, `3.20` and `3,2` -> `3.2`, `07:00` -> `7`."""
    if ":" in number:
        hour, _, minutes = number.partition(":")
        return str(int(hour)) if not minutes.strip("0") else f"{int(hour)}:{minutes}"
    if _THOUSANDS.fullmatch(number):
        return re.sub("[.,]", "", number)
    whole, _, decimals = number.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    return f"{int(whole)}.{decimals}" if decimals else str(int(whole))
