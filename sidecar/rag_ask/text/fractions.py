"""Fractions: "half an hour", "anderthalb Jahre" and "midnight" -> in figures. Pure."""

from __future__ import annotations

import re

# For each language: half an hour, three quarters and a quarter of one, noon, midnight; and one and a half, of what its
# group names.
_LISTED = {
    "en": (
        r"half an? hour|half[- ]hour", r"three[- ]quarters of an hour", r"(?:a )?quarter of an hour", "noon|midday",
        "midnight", r"an? (\w+) and a half|one and a half (\w+)",
    ),
    "de": (
        r"(?:eine )?halbe[nr]? Stunde", r"drei ?viertel ?stunden?", r"(?:eine )?viertel ?stunde", None, "Mitternacht",
        r"(?:anderthalb|eineinhalb) (\w+)",
    ),
    "fr": (
        "(?:une )?demi-heure", "trois quarts d['’]heure", "(?:un )?quart d['’]heure", "(?<![-‐])midi", "minuit",
        r"une? (\w+) et demie?",
    ),
    "es": (
        "media hora", "tres cuartos de hora", "(?:un )?cuarto de hora", "mediodía", "medianoche",
        r"una? (\w+) y medi[ao]",
    ),
    "it": (
        "mezz['’]?ora", "tre quarti d['’]ora", "(?:un )?quarto d['’]ora", "mezzogiorno", "mezzanotte",
        r"un(?:['’]|o |a | )(\w+) e mezz[ao]",
    ),
    "nl": ("(?:een )?half ?uur", "drie kwartier", "(?:een )?kwartier", None, "middernacht", r"anderhalve? (\w+)"),
    "pt": (
        "meia[- ]hora", "três quartos de hora", "(?:um )?quarto de hora", "meio-dia", "meia-noite",
        r"uma? (\w+) e mei[ao]",
    ),
    "pl": ("pół godziny", "trzy kwadranse", "kwadrans", None, None, r"półtor(?:a|ej) (\w+)"),
    "ru": (
        "полчаса|получаса", None, "четверть часа", "полдень|полудня", "полночь|полуночи", r"полтор(?:а|ы|ых) (\w+)",
    ),
}  # fmt: skip
_MEANT = ("30 min", "45 min", "15 min", "12:00", "24:00", "1.5 {}")
_ANY = {
    code: re.compile("|".join(rf"(?P<f{at}>\b(?:{said})\b)" for at, said in enumerate(listed) if said), re.IGNORECASE)
    for code, listed in _LISTED.items()
}


def without_fractions(text: str, code: str) -> str:
    """`half an hour` -> `30 min`, `an hour and a half` -> `1.5 hour`, `midnight` -> `24:00`.

    code: of the text's language.
    """
    return _ANY[code].sub(_in_figures, text) if code in _ANY else text


def _in_figures(match: re.Match[str]) -> str:
    at = int((match.lastgroup or "f0")[1:])
    counted = next((group for group in match.groups() if group and group != match[0]), "")
    return _MEANT[at].format(counted)
