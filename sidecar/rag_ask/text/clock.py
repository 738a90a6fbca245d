"""Clock: the half of the day that a language says beside an hour: `10 de la noche` and `午後6時` are pm. Pure."""

from __future__ import annotations

import re

_AFTER = {
    "en": r"in the (?:afternoon|evening)|at night|o'clock in the (?:afternoon|evening)",
    "de": r"(?:uhr )?(?:nachmittags|abends|am nachmittag|am abend|nachts)",
    "fr": r"(?:heures )?(?:du soir|de l['’]après-midi)",
    "es": r"(?:horas )?(?:de la tarde|de la noche)",
    "it": r"(?:di sera|della sera|di notte|del pomeriggio)",
    "nl": r"(?:uur )?['’]s (?:middags|avonds)",
    "pt": r"(?:horas )?(?:da tarde|da noite)",
    "pl": r"(?:po południu|wieczorem)",
    "ru": r"(?:час\w{0,3} )?(?:вечера|дня)",
    "ar": r"(?:مساء|ليلا)\w?",
}
_BEFORE = {"ja": "午後|夜|夕方", "zh": "下午|晚上|傍晚", "ko": "오후|저녁|밤"}
_HOUR = r"(?<![\w.,:])((?:[1-9]|1[01])(?:[:.][0-5]\d)?)"
_PATTERNS = {code: re.compile(rf"{_HOUR}\s?(?:{words})(?!\w)") for code, words in _AFTER.items()} | {
    code: re.compile(rf"(?:{words})\s?((?:[1-9]|1[01])(?::[0-5]\d)?)(?![\d:])") for code, words in _BEFORE.items()
}


def with_half_of_day(text: str, code: str) -> str:
    """The text, in small letters and its numbers in figures, with `pm` beside each hour after noon.

    code: of the text's language.
    """
    pattern = _PATTERNS.get(code)
    return pattern.sub(r" \1pm ", text) if pattern else text
