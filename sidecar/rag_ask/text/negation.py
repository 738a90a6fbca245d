"""Negation: is a statement negated? Words and suffixes of many languages. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import dropwhile, pairwise, takewhile

from rag_ask.text.free import says_free, without_free
from rag_ask.text.language import words
from rag_ask.text.stop_words import stop_words


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that say no, and after the bar words that mean it: "closed" is "not open", and "not closed" is open.
_LISTED = {
    "en": "no not never cannot without none nobody nothing nor neither t except | closed prohibited forbidden free "
    "excluded ineligible unavailable unsuitable impossible prevent prevents prevented",
    "de": "nicht nichts kein keine keinen keinem keiner nie niemals ohne weder außer ausgenommen | geschlossen "
    "gesperrt verboten kostenlos kostenlose kostenlosen kostenloser "
    "kostenfrei frei freien freier umsonst gratis ausgeschlossen",
    "fr": "pas non jamais sans aucun aucune rien sauf excepté | fermé fermée fermés interdit interdite interdits "
    "interdites gratuit gratuite gratuits gratuites gratuitement exclu exclue exclus exclues",
    "es": "no nunca sin ningún ninguna tampoco jamás nadie nada ni excepto salvo | cerrado cerrada prohibido "
    "prohibida gratis gratuito gratuita gratuitos gratuitas gratuitamente excluido excluida excluidos excluidas",
    "it": "non no mai senza nessun nessuno nessuna niente nulla né neanche nemmeno neppure tranne eccetto | chiuso "
    "chiusa chiusi chiuse vietato vietata vietati vietate proibito proibita gratis gratuito gratuita gratuiti "
    "gratuite gratuitamente escluso esclusa esclusi escluse",
    "nl": "niet geen nooit zonder niemand niets nergens behalve | gesloten dicht verboden gratis kosteloos uitgesloten",
    "pt": "não nunca jamais sem nenhum nenhuma ninguém nada nem tampouco exceto salvo | fechado fechada fechados "
    "fechadas proibido proibida grátis gratuito gratuita gratuitos gratuitas excluído excluída excluídos "
    "excluídas encerrado encerrada encerrados encerradas",
    "ru": "не ни нет без нельзя никогда никто ничего никакой никаких нигде | закрыт закрыта закрыто закрыты запрещено "
    "запрещён запрещен запрещена запрещены бесплатно бесплатный бесплатная бесплатное бесплатные",
    "pl": "nie bez nigdy nikt nic żaden żadna żadne żadnych nigdzie ani | zamknięte zamknięty zamknięta "
    "nieczynny nieczynna nieczynne zabronione zabroniony zakazane zakaz bezpłatny bezpłatna bezpłatne "
    "bezpłatnie darmowy darmowa darmowe",
    "ar": "لا لن لم ليس ليست ليسوا لست غير بدون دون بلا ولا ولن ولم وليس وليست | مغلق مغلقة ممنوع ممنوعة محظور مجانا "
    "مجاني مجانية مجانيا",
    "el": "δεν δε μη μην όχι χωρίς ποτέ κανείς κανένα τίποτα | κλειστό κλειστά απαγορεύεται δωρεάν",
    "he": "לא אין בלי אסור אל לעולם | סגור סגורה חינם",
    "sv": "inte ej ingen inget inga aldrig utan | stängt stängd förbjudet gratis",
    "da": "ikke ingen intet aldrig uden | lukket forbudt gratis",
    "nb": "ikke ingen intet aldri uten | stengt lukket forbudt gratis",
    "fi": "ei eivät emme ilman koskaan | suljettu kielletty ilmainen ilmaiseksi",
    "cs": "ne není nejsou nikdy nikdo nic bez nelze nesmí nemá | zavřeno zavřený zakázáno zdarma",
    "hu": "nem nincs nincsenek soha senki semmi nélkül | tilos zárva ingyenes ingyen",
    "ro": "nu niciodată fără nimeni nimic niciun nicio | închis închisă interzis gratuit gratuită",
    "fa": "نه نیست نیستم نیستی نیستیم نیستید نیستند نمی ندارد ندارم ندارید ندارند نداریم نشود نشده "
    "نباید نباشد بدون هیچ هرگز | بسته تعطیل ممنوع رایگان مجانی",
    "ur": "نہیں نہ مت بغیر بنا کبھی | بند منع ممنوع مفت",
    "tr": "değil yok asla hiç hiçbir | kapalı yasak ücretsiz",
}
_HALVES = {code: [frozenset(half.split()) for half in listed.split("|")] for code, listed in _LISTED.items()}
# What is in none of the languages is looked for in all of them.
_ANY = [frozenset().union(*halves) for halves in zip(*_HALVES.values(), strict=True)]
# "no later than" is a bound, no negation; "no longer" alone is one.
_COMPARATIVES = _words(
    "more less later longer earlier fewer than mehr weniger später länger früher plus moins tard más menos más tarde "
    "più meno oltre tardi meer minder later mais menos tarde później więcej mniej более менее позднее"
)
_THAN = _words("than als de que di che dan do niż od чем")
# Bounds without a "than": "non oltre le 12", "не более 5".
_BOUNDS = _words("oltre более менее позднее больше меньше")
# "You never get more than ten" is a bound too.
_BOUND_WORDS = 5
_WITHOUT = _words("without ohne sans sin senza zonder sem bez без utan uden uten")
# A condition that takes back what it is the one of.
_UNLESS = re.compile(
    r"\b(?:unless|es sei denn|à moins que?|a menos que|a no ser que|a meno che|tenzij|chyba że|если только не)\b",
    re.IGNORECASE,
)
# Who reminds of something says no to nothing.
_REMINDER = re.compile(
    r"\b(?:(?:don['’]t|do not|never) forget|vergessen sie nicht|vergiss nicht|nicht (?:zu )?vergessen|n['’]oubliez pas|"
    r"ne pas oublier|no (?:se )?olvid\w+|non dimenticat?\w*|vergeet niet|niet (?:te )?vergeten|não (?:se )?esque\w+|"
    r"nie zapomnij\w*|не забу\w+)\b",
    re.IGNORECASE,
)
# "not", at most one word, and "free": the two are a yes.
_REACH_WORDS = 2

# Where words are not parted, or end in a no: what says no, and what means it.
_SIGNS = {
    code: (re.compile(says), re.compile(means))
    for code, says, means in (
        ("ja", "ません|(?<![少危])ない|なかっ|なし", "休み|休業|休館|定休|禁止|不可|不要|無料|お断り"),
        (
            "zh",
            "不(?![同仅僅但过過断斷错錯少论論管])|没|沒|[无無](?![线論论線])|未(?![来來满滿])|勿|莫",
            "免费|免費|禁止|休息(?![室区區])|停业",
        ),
        ("ko", "(?<!\\w)안 |않|없|못|아니|아닙|아닌|말고", "금지|휴무|휴관|불가|무료|쉽니다"),
        ("th", "ไม่|มิได้|ไร้", "ห้าม|ปิดทำการ|(?<!วัน)หยุด|ฟรี|งด"),
        ("hi", "नहीं|मत |बिना", "मुफ़्त|निःशुल्क|बंद|मना|वर्जित"),
    )
}
_AFTER = {"ja", "ko", "hi"}
_REACH_SIGNS = 8

# The same thing, whether somebody does it or it is done.
_SHUT = re.compile(
    r"\b(?:clos(?:e|es|ed|ing)|shut|schlie(?:ß|ss)\w*|geschlossen|ferm(?:e|es|ons|ent|er|é|ée|és|ées|eture)|cierr\w+|cerr\w+|"
    r"chiu[ds]\w+|sluit\w*|gesloten|fech\w+|encerr\w+|ruhetag|zamkn\w+|nieczynn\w+|закры\w+|выходн\w+)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:open(?:s|ed|ing)?|öffne\w*|geöffnet|ouvr\w+|ouvert\w*|abr\w+|abiert\w+|apr(?:e|ono|iamo)|apert\w+|geopend|open|abert\w+|"
    r"otwart\w+|otwier\w+|czynn\w+|открыт\w*|открыва\w+|работа\w+)\b",
    re.IGNORECASE,
)
_PAY = re.compile(
    r"\b(?:pay\w*|cost\w*|charge\w*|fee|koste\w*|zahl\w*|bezahl\w*|coût\w*|pai\w*|paye\w*|cuesta\w*|pag\w*|costa\w*|"
    r"custa\w*|kost|betaal\w*|betal\w*|płac\w*|kosztuj\w*|плат\w*|стоит)\b",
    re.IGNORECASE,
)
# Says what something has not in it, not that it costs nothing.
_FREE_OF = re.compile(
    r"\b\w{1,60}+[-‐]free\b|\bfeel free\b|\b(?:gluten|dairy|lactose|sugar|nut|wheat|egg|alcohol|smoke|step) free\b",
    re.IGNORECASE,
)
_FREE = re.compile(r"\bfree (?!on|for|of|if|to|from|in|and|with|when)[a-z]{2,30}\b")
# `without changing them` says no to the changing alone.
_ASIDE = re.compile(
    r"\b(?:without|ohne|sans|sin|senza|zonder|sem|bez|без|unless|es sei denn,?|à moins que?|a menos que|a meno che|"
    r"tenzij|chyba że)\s[^,.;:()]{1,80}",
    re.IGNORECASE,
)
_VOWEL_SIGNS = re.compile(r"[\u0591-\u05c7\u0640\u064b-\u065f\u0670]")


def negations(language: str) -> frozenset[str]:
    """The words that say no in a language; of all, when it is not known. Those that mean it ("closed") are none."""
    return frozenset() if language in _SIGNS else _HALVES.get(language, _ANY)[0]


def meaning_no(language: str) -> frozenset[str]:
    """The words that mean no in a language: "closed" is "not open"."""
    return frozenset() if language in _SIGNS else _HALVES.get(language, _ANY)[1]


def is_known(language: str) -> bool:
    """Whether the words that say no in this language are known here."""
    return language in _HALVES or language in _SIGNS


def say_alike(said: str, language: str, told: str, language_told: str) -> bool:
    """Whether what is said and what a page tells are both a yes, or both a no.

    `We close on Mondays` and `closed on Mondays` are the same no. Who speaks of a loaf that the page calls gluten-free
    need not say so.
    """
    if _SHUT.search(said) and _SHUT.search(told):
        said, told = _SHUT.sub("", said), _SHUT.sub("", told)
    elif _are_reverse(said, told) or _are_reverse(told, said):
        # "We close on Sundays": we do not open.
        shut = (
            is_negated(_SHUT.sub("", text), code) != bool(_SHUT.search(text))
            for text, code in ((said, language), (told, language_told))
        )
        return len(set(shut)) == 1
    if not (speaks_of_paying(said) or says_free(said)):
        # "Free" says neither yes nor no to anything but the price.
        told = without_free(told, language_told)
    # "The free plan" costs nothing, and takes nothing back.
    for attribute in frozenset(_FREE.findall(said)) & frozenset(_FREE.findall(told)):
        said, told = said.replace(attribute, ""), told.replace(attribute, "")
    if not _FREE_OF.search(said):
        told = _FREE_OF.sub("", told)
    return is_negated(said, language) == is_negated(told, language_told)


def _are_reverse(shut: str, opened: str) -> bool:
    return bool(_SHUT.search(shut) and not _OPEN.search(shut) and _OPEN.search(opened) and not _SHUT.search(opened))


def speaks_of_paying(text: str) -> bool:
    """Whether it tells what somebody pays, or that it is nothing."""
    return bool(_PAY.search(text))


def without_asides(text: str, code: str, is_spoken_of: Callable[[str], bool]) -> str:
    """The text without the asides of "without" that nobody speaks of. code: of the text's language."""
    return _ASIDE.sub(lambda match: match[0] if is_spoken_of(_denied(match[0], code)) else "", text)


def _denied(aside: str, code: str) -> str:
    """`without notice is charged` -> `notice`: the rest is said all the same."""
    without, *rest = words(aside)
    if without not in _WITHOUT:
        return aside
    stops = stop_words(code)
    content = dropwhile(stops.__contains__, rest)
    return " ".join(takewhile(lambda word: word not in stops, content))


def without_reminders(text: str) -> str:
    """The text without its "do not forget"."""
    return _REMINDER.sub("", text)


def is_negated(text: str, language: str) -> bool:
    """Whether the text says no. `not free` is none: it takes back what `free` says."""
    if language in _SIGNS:
        return _signs_no(text, language)
    says, means = _HALVES.get(language, _ANY)
    text, unless = _UNLESS.subn("", without_reminders(text))
    count, last_no = unless, -_REACH_WORDS - 1
    spoken = words(_VOWEL_SIGNS.sub("", text))
    for position, word in enumerate(spoken):
        if word in says and is_bound(spoken, position):
            continue
        if word in says:
            count, last_no = count + 1, position
        elif word in means and position - last_no <= _REACH_WORDS:
            count, last_no = count - 1, -_REACH_WORDS - 1
        elif word in means:
            count += 1
    if count == 2 and sum(word in _WITHOUT for word in spoken) == 1:
        # "Not without a ticket" is "only with one".
        return False
    if unless % 2 and count > unless:
        # "Not unless it is faulty" is a yes for what is.
        return False
    return count > 0 or (language not in _HALVES and any(_signs_no(text, code) for code in _SIGNS))


def is_bound(spoken: Sequence[str], position: int) -> bool:
    """Whether a no is that of `no more than`: a comparative follows, after at most three words."""
    near = spoken[position + 1 : position + _BOUND_WORDS + 2]
    return any(word in _COMPARATIVES and (word in _BOUNDS or after in _THAN) for word, after in pairwise(near))


def _signs_no(text: str, language: str) -> bool:
    says, means = _SIGNS[language]
    no = [match.span() for match in says.finditer(text)]
    for match in means.finditer(text):
        start, end = match.span()
        near = (end, end + _REACH_SIGNS) if language in _AFTER else (start - _REACH_SIGNS // 2, start)
        taken = [span for span in no if near[0] <= span[0] and span[0] < near[1]]
        if not taken:
            return True
        no.remove(taken[0])
    return bool(no)
