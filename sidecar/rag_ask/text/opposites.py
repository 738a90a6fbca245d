"""Opposites: words of two texts that mean the opposite by their prefix: heated and unheated, in- and excluded. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from rag_ask.text import analyze

# What takes a word back. Two letters and a long rest: "in" begins too many words that take nothing back.
_TAKES_BACK = (
    "non", "dis", "un", "in", "im", "il", "ir", "des", "dé", "miss", "on", "nie", "не", "bez", "ohn", "o", "u", "ab",
)  # fmt: skip
_PAIRS = (
    ("in", "ex"), ("in", "out"), ("up", "down"), ("over", "under"), ("ein", "aus"), ("an", "ab"), ("auf", "ab"),
    ("zu", "ab"), ("vor", "nach"), ("ober", "unter"), ("im", "ex"), ("in", "uit"), ("op", "af"),
    ("en", "dis"), ("voor", "na"), ("au", "dés"), ("при", "от"), ("в", "ис"), ("w", "wy"),
)  # fmt: skip
_EXCHANGED = [(one, other) for pair in _PAIRS for one, other in (pair, pair[::-1])]
MIN_REST = 4
# Opposites that no prefix tells.
_WORDS = tuple(
    (one, other)
    for listed in (
        "before/after over/under above/below more/less minimum/maximum first/last earliest/latest earlier/later "
        "early/late older/newer old/new highest/lowest higher/lower high/low largest/smallest longest/shortest up/down "
        "first/second begin/end begins/ends start/end starts/ends start/finish starts/finishes "
        "arrive/leave arrival/departure morning/evening same/different left/right front/behind front/back day/night "
        "on/off growing/falling grow/fall grows/falls increase/decrease increases/decreases increasing/falling "
        "increasing/decreasing rising/falling rise/fall rises/falls weekday/weekend weekdays/weekends buy/sell "
        "best/worst easiest/hardest cheapest/dearest top/bottom inside/outside north/south east/west inbound/outbound "
        "full/reduced full/discounted",
        "vor/nach über/unter mehr/weniger erste/letzte ersten/letzten frühestens/spätestens früher/später "
        "älter/jünger neu/alt höchste/niedrigste größte/kleinste oben/unten links/rechts beginnt/endet "
        "morgens/abends vormittags/nachmittags werktags/sonntags vor/hinter mindestens/höchstens innen/außen "
        "voll/ermäßigt volle/ermäßigte vollen/ermäßigten",
        "avant/après plus/moins premier/dernier première/dernière tôt/tard nouveau/ancien haut/bas gauche/droite "
        "début/fin commence/finit commence/termine arrivée/départ matin/soir devant/derrière "
        "minimum/maximum dessus/dessous plein/réduit",
        "antes/después más/menos primero/último primera/última primer/último nuevo/viejo arriba/abajo "
        "izquierda/derecha empieza/termina llegada/salida mínimo/máximo delante/detrás",
        "prima/dopo più/meno primo/ultimo prima/ultima nuovo/vecchio sopra/sotto sinistra/destra inizia/finisce "
        "arrivo/partenza minimo/massimo davanti/dietro mattina/sera",
        "voor/na meer/minder eerste/laatste boven/onder links/rechts begint/eindigt aankomst/vertrek "
        "minstens/hoogstens minimaal/maximaal vroegste/laatste",
        "antes/depois mais/menos primeiro/último primeira/última novo/velho cima/baixo esquerda/direita "
        "começa/termina chegada/partida chegada/saída mínimo/máximo",
        "przed/po więcej/mniej pierwszy/ostatni pierwsza/ostatnia nowy/stary lewo/prawo przyjazd/wyjazd "
        "minimum/maksimum rano/wieczorem",
        "до/после больше/меньше первый/последний первая/последняя новый/старый слева/справа приезд/отъезд "
        "утром/вечером",
    )
    for one, _, other in (pair.partition("/") for pair in listed.split())
)


def opposites(said: Sequence[str], told: Sequence[str], language: str = "") -> int:
    """How many words of what is said are opposite to one of what is told, and not told themselves."""
    by_prefix = counterparts(frozenset(said) - frozenset(told), frozenset(told) - frozenset(said))
    said, told = ([_stem(word, language) for word in one] for one in (said, told))
    only_here, only_there = frozenset(said) - frozenset(told), frozenset(told) - frozenset(said)
    pairs = _pairs(language)
    return (
        len(by_prefix)
        + sum((one in only_here) and (other in only_there) for one, other in pairs)
        + len(_directions(said, pairs) & frozenset(way[::-1] for way in _directions(told, pairs)))
    )


@cache
def _pairs(language: str) -> frozenset[tuple[str, str]]:
    """The listed opposites, in both orders, as this language stems them."""
    stemmed = ((_stem(one, language), _stem(other, language)) for one, other in _WORDS)
    return frozenset(pair for one, other in stemmed if one != other for pair in ((one, other), (other, one)))


def _stem(word: str, language: str) -> str:
    return next(iter(analyze.word_terms(word, language)), word)


def _directions(words: Sequence[str], pairs: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """`from top to bottom` -> top, bottom."""
    return frozenset((one, other) for one, other in zip(words, words[2:], strict=False) if (one, other) in pairs)


def counterparts(said: Iterable[str], told: frozenset[str]) -> frozenset[str]:
    """The words of what is told that are opposite to one of what is said by a prefix."""
    return frozenset(other for word in said for other in _opposite_forms(word) if other in told)


def _opposite_forms(word: str) -> Iterable[str]:
    for prefix in _TAKES_BACK:
        if len(word) >= MIN_REST:
            yield prefix + word
        if word.startswith(prefix) and len(word) - len(prefix) >= MIN_REST:
            yield word.removeprefix(prefix).lstrip("-")
    for prefix, other in _EXCHANGED:
        if word.startswith(prefix) and len(word) - len(prefix) >= MIN_REST - 1:
            yield other + word.removeprefix(prefix)
