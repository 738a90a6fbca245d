"""Free: "costs nothing", "no charge" and the like as the one word that their language has for it. Pure."""

from __future__ import annotations

import re

_FREE = {
    "en": (
        "free",
        r"(?:costs?|pays?|paying|charged?) nothing|at no (?:extra |additional )?(?:charge|cost)|free of charge|"
        r"without (?:extra |any )?charge|(?:is|are) no (?:extra )?(?:charge|cost|fee)|"
        r"(?:does|do|need|will)(?: not|n['’]t) (?:cost|pay|have to pay)(?: you)? anything",
    ),
    "de": (
        "kostenlos",
        r"kostet nichts|kosten nichts|zahl\w{1,3}(?: \w{2,20}){0,2} nichts|kostenfrei|gebührenfrei|umsonst|"
        r"ohne (?:Aufpreis|Gebühr|Mehrkosten)",
    ),
    "fr": (
        "gratuit",
        r"ne coûten?t? rien|ne pa[iy]e\w{0,2} rien|rien à payer|sans frais|sans supplément|rien(?= pour)",
    ),
    "es": ("gratis", r"no cuestan? nada|no (?:se )?pagan? nada|sin (?:coste|costo|cargo)(?: alguno| adicional)?"),
    "it": (
        "gratis",
        r"non costan?o? (?:nulla|niente)|non (?:si )?pagan?o? (?:nulla|niente)|senza (?:costi|spese|supplemento)",
    ),
    "nl": ("gratis", r"kost(?:en)? niets|betaal\w{0,2}(?: \w{2,20}){0,2} niets|zonder (?:extra )?kosten|kosteloos"),
    "pt": ("grátis", r"não custam? nada|não (?:se )?pagam? nada|sem (?:custos?|taxas?)(?: adicional| adicionais)?"),
    "pl": ("bezpłatnie", r"nic nie (?:kosztuje|płac\w{1,3})|nie (?:kosztuje|płac\w{1,3}) nic|bez opłat\w?"),
    "ru": ("бесплатно", r"ничего не (?:стоит|стоят|плат\w{1,3})|не (?:стоит|стоят|плат\w{1,3}) ничего|без оплаты"),
    "ja": ("無料", r"(?:料金?|費用)[はがも]?(?:かかり|いただき|頂き|要り)ません"),
    "zh": ("免费", r"不收(?:费|取费用|任何费用)|(?:无需|不用|不必)(?:付费|付款|支付)"),
    "ko": ("무료", r"(?:요금|비용)[이은]? ?(?:없|들지 않|받지 않)"),
}
_PATTERNS = {
    code: (word, re.compile(pattern if code in ("ja", "ko", "zh") else rf"\b(?:{pattern})\b", re.IGNORECASE))
    for code, (word, pattern) in _FREE.items()
}
# Its forms; where grammar tells, not that of `the free plan`, which is a name.
_FORMS = {
    "en": r"(?<![-‐])free(?= (?:on|for|if|in|and|with|when|but|up|until|at)\b| ?[^\w\s]|$)",
    "de": r"kostenlos|frei|kostenfrei|gratis|umsonst",
    "fr": r"gratuit\w{0,2}|gratuitement", "es": r"gratis|gratuit\w{1,2}|gratuitamente",
    "it": r"gratis|gratuit\w{1,2}|gratuitamente",
    "nl": r"gratis|kosteloos", "pt": r"grátis|gratuit\w{1,2}", "pl": r"bezpłatn\w{1,2}|darmow\w{1,2}|bezpłatnie",
    "ru": r"бесплатн\w{1,2}", "ja": "無料", "zh": "免费|免費", "ko": "무료",
}  # fmt: skip
_FORM = {
    code: re.compile(forms if code in ("ja", "ko", "zh") else rf"\b(?:{forms})\b", re.IGNORECASE)
    for code, forms in _FORMS.items()
}


_STEM = re.compile(
    r"\b(?:free|kostenlos|kostenfrei|frei|gratis|gratuit|umsonst|kosteloos|grátis|bezpłatn|darmow|бесплатн)"
    r"|無料|免费|무료",
    re.IGNORECASE,
)


def says_free(text: str) -> bool:
    """Whether it has a word for "free", in any of the languages."""
    return bool(_STEM.search(text))


def without_free(text: str, code: str) -> str:
    form = _FORM.get(code)
    return form.sub("", text) if form else text


def in_one_word(text: str, code: str) -> str:
    """`It costs nothing.` -> `It free.`: what costs nothing is free, and the two are compared word by word."""
    word, pattern = _PATTERNS.get(code, ("", None))
    return pattern.sub(word, text) if pattern else text
