"""Bounds: does a text say "at most" or "at least"? Pure."""

from __future__ import annotations

import re

_AT_MOST = re.compile(
    r"\b(?:at most|up to|as (?:many|much) as|no more than|never more than|"
    r"not more than|maximum|höchstens|bis zu|maximal|nicht mehr als|au plus|au maximum|"
    r"jusqu['’]à|como máximo|un máximo|máximo de|hasta un|al massimo|un massimo|massimo di|fino a|hoogstens|maximaal|"
    r"niet meer dan|"
    r"no máximo|até um|maksymalnie|najwyżej|не более|не больше|максимум)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|no less than|not less than|minimum|mindestens|wenigstens|au moins|au minimum|al menos|"
    r"como mínimo|un mínimo|mínimo de|un minimo|minimo di|"
    r"por lo menos|almeno|come minimo|minstens|ten minste|minimaal|pelo menos|no mínimo|co najmniej|przynajmniej|"
    r"не менее|не меньше|минимум)\b",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"\b(?:at the (?:latest|earliest)|au plus (?:tard|tôt)|a más tardar|al più tardi|al più presto|op zijn laatst|"
    r"o mais tardar|najpóźniej|не (?:позднее|позже))\b",
    re.IGNORECASE,
)

# In front of a figure, at most three words before it.
_REACH = r"\b(?:\W{1,3}[^\W\d]+){0,3}?\W{1,3}(?:\d|(?:day|month)\d)"
_UNTIL = re.compile(
    rf"\b(?:until|till|bis|jusqu['’](?:à|au|en)|hasta|fino a[li]?|tot|até|do|до){_REACH}", re.IGNORECASE
)
_FROM = re.compile(
    rf"\b(?:from|since|ab|seit|à partir d[eu]|dès|depuis|desde|a partir de|dal|dalle|vanaf|od|с|от){_REACH}",
    re.IGNORECASE,
)
# `under 6`, and from or over 6.
_BELOW = re.compile(
    rf"\b(?:under|below|(?:less|fewer|younger) than|unter|weniger als|jünger als|moins de|menos de|menores de|meno di|"
    rf"onder|minder dan|jonger dan|mniej niż|poniżej|меньше|менее|младше){_REACH}",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    rf"\b(?:over|above|(?:more|older) than|über|mehr als|älter als|plus de|más de|mayores de|più di|oltre|boven|"
    rf"meer dan|ouder dan|mais de|maiores de|więcej niż|powyżej|больше|более|старше){_REACH}|{_FROM.pattern}",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\b(?:then|that|afterwards|entonces|después|seitdem|seither|danach|lors|ensuite|allora|poi|dopo|daarna|então|depois|"
    r"potem|затем|потом)\b",
    re.IGNORECASE,
)
# "At least a week before" is "up to a week before".
_AHEAD = re.compile(
    r"\b(?:before|beforehand|advance|ahead|earlier|vorher|voraus|vor|avant|avance|préalable|antes|antelación|prima|"
    r"anticipo|tevoren|vooraf|antecedência|przed|wcześniej|заранее|до)\b",
    re.IGNORECASE,
)


# Within or after a figure.
_WITHIN = re.compile(
    rf"\b(?:within|innerhalb|binnen|dans les|sous|dentro de|entro|em até|в течение|w ciągu){_REACH}", re.IGNORECASE
)
_AFTER = re.compile(
    rf"\b(?:after|nach|après|au bout de|después de|dopo|após|depois de|через|po){_REACH}", re.IGNORECASE
)


def without_bounds(text: str) -> str:
    """The text without its "at least", "at most" and "at the latest": `plus` in `au plus tard` is no opposite."""
    return _LATEST.sub(" ", _AT_LEAST.sub(" ", _AT_MOST.sub(" ", text)))


def says_another_bound(said: str, told: str) -> bool:
    """`at least twelve` where a page says `up to twelve`."""
    if (_AFTER.search(said) and _WITHIN.search(told) and not _AFTER.search(told)) or (
        _WITHIN.search(said) and _AFTER.search(told) and not _WITHIN.search(told)
    ):
        return True
    if _says_another_side(said, told):
        return True
    least_said, most_said = bool(_AT_LEAST.search(said)), bool(_AT_MOST.search(said))
    least_told, most_told = bool(_AT_LEAST.search(told)), bool(_AT_MOST.search(told))
    if _AHEAD.search(said) and _AHEAD.search(told):
        return False
    return _says_another_end(said, told) or (
        (least_said and most_told and not least_told) or (most_said and least_told and not most_told)
    )


def _says_another_side(said: str, told: str) -> bool:
    """`under 6` where a page says `from 6`."""
    sides = [(bool(_BELOW.search(text)), bool(_ABOVE.search(text))) for text in (said, told)]
    return sides in ([(True, False), (False, True)], [(False, True), (True, False)])


def _says_another_end(said: str, told: str) -> bool:
    """`from 1974` where a page says `until 1974`, and nothing of what came then."""
    until_said, from_said = bool(_UNTIL.search(said)), bool(_FROM.search(said))
    until_told, from_told = bool(_UNTIL.search(told)), bool(_FROM.search(told))
    return not _THEN.search(told) and (
        (from_said and not until_said and until_told and not from_told)
        or (until_said and not from_said and from_told and not until_told)
    )
