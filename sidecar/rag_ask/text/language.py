"""Language detection of short texts, by script and by stop words. Pure."""

from __future__ import annotations

import re
from collections import Counter


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that carry grammar, not content.
STOP_WORDS = {
    "en": _words(
        "a about after all also an and any are as at be because been but by can could did do does for from had has "
        "have he her his how i if in into is it its let like may me more must my no not of on once one only or other "
        "our out over please she should so some such than that the their them then there these they this those to too "
        "under until up us was we were what when where which while who why will with within would you your according "
        "both each every get here just per site page available offer offers yes sure however currently additionally "
        "unfortunately note s t don doesn didn isn aren wasn weren hasn haven hadn won wouldn couldn shouldn re ll ve"
    ),
    "de": _words(
        "aber alle als am an auch auf aus bei bis bitte da das dass dem den denn der des die dies diese dieser doch du "
        "durch ein eine einem einen einer eines er es für gibt haben hat ich ihr ihre ihren im in ist ja kann können "
        "man mehr mit nach nicht noch nur ob oder ohne sehr sein sich sie sind so soll über um und uns unser unsere "
        "unter von vor war was wann warum welche wenn wer werden wie wir wird wo zu zum zur kostet dürfen darf ja nein "
        "leider"
    ),
    "fr": _words(
        "à au aux avec ce ces cette chez comme dans de des du elle elles en est et être il ils je la le les leur lui "
        "mais mes mon ne nos notre nous on ou où par pas plus pour qu que quel quelle quels qui quand sa sans se ses "
        "son sont sur ta te tu un une vos votre vous y a ont ai d l n s c j combien comment sauf oui non"
    ),
    "es": _words(
        "a al algo como con cómo cuál cuándo cuánto de del desde dónde el ella ellos en entre es esta este está están "
        "están esto ha hay la las le les lo los más me mi muy no nos nuestra nuestro o para pero por puede pueden "
        "puedo que qué quién se ser si sin sobre son su sus también tiene un una uno unos y ya usted ustedes debe sí"
    ),
    "it": _words(
        "a al alla anche che chi ci come con cosa da dal dei del della delle di dove e è gli ha ho i il in io la le "
        "lo ma mi nel nella non o per perché più quale quando quanto se si sono su sul una un uno vi costa aperto"
    ),
    "nl": _words(
        "aan als bij dan dat de deze die dit een en er heb hebben het hoe hij hoeveel ik in is je kan kunnen maar met "
        "mijn naar niet nog of om onze ook op over te tot uit van voor waar wanneer wat we wie wij worden ze zijn"
    ),
    "pt": _words(
        "a ao aos as até com como da das de do dos e é ela ele em entre está eu foi há isso mais mas me meu muito na "
        "nas não nos o onde os ou para pela pelo por qual quando quanto que quem se sem ser seu sua são também um uma"
    ),
    # Of these, only words that none of the languages above has: they are here to be told from them.
    "pl": _words(
        "i w z że się jest są nie oraz lub dla przez przy od jak ile kiedy gdzie czy który która które ich jego tylko "
        "wszyscy muszą może można bardzo także też już po na za"
    ),
    "sv": _words("och att är inte på som av med för till ni vi har kan eller när hur där vad finns från också mycket"),
    "da": _words("og at er ikke på som af med til vi har kan eller når hvor hvad fra også meget det jeg i kun efter"),
    "nb": _words("og å er ikke på som av med til vi har kan eller når hvor hva fra også mye det jeg i bare etter"),
    "fi": _words("ja on ei se että ovat oli mutta kuin tai voi myös kun jos missä milloin paljonko ole eivät"),
    "cs": _words("se je jsou není pro ve ze jak kde kdy kolik nebo ale že při který která které jen také po na za od"),
    "hu": _words("és az hogy nem van egy vagy de csak is mikor hol mennyi lehet minden volt már még kell"),
    "ro": _words("și în pe cu la este sunt din pentru nu sau care când unde cât mai dar fără după până"),
    "tr": _words("ve bir bu için ile çok daha ne zaman nerede kaç mi mı değil var yok olarak gibi ama veya"),
    "ru": _words(
        "а без бы в вам вас вы где да для до его ее если есть же за и из или их к как когда кто ли мы на наш наши не "
        "но о об он она они от по при с сколько со так там то только у что чтобы это я"
    ),
    "ar": _words("في من على إلى عن مع و أو هذا هذه التي الذي أن إن كان هو هي ما متى كم أين هل كل لا بعد قبل حتى يوم"),
}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
# The share of letters that settles it.
SCRIPT_SHARE = 0.3
NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
    "pt": "Portuguese", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "ru": "Russian", "el": "Greek",
    "ar": "Arabic", "he": "Hebrew", "th": "Thai", "hi": "Hindi", "pl": "Polish", "sv": "Swedish", "fi": "Finnish",
    "cs": "Czech", "hu": "Hungarian", "ro": "Romanian", "tr": "Turkish",
}  # fmt: skip
# Marks belong to their letters; Python's \w leaves out the vowel signs of Indic scripts and of Thai.
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)?")
# In `9 am` it belongs to the figure; German has a word like it.
_HALF_OF_DAY = re.compile(r"(?<=\d)\s?[ap](?:m\b|\.\s?m\.)")


def words(text: str) -> list[str]:
    """The words of a text in small letters, `l'entrée` and `don't` as two, and `9 am` without the half of the day."""
    said = _WORD.findall(_HALF_OF_DAY.sub("", text.casefold()))
    return [part for word in said for part in re.split("['’]", word)]


def detect(text: str) -> str:
    """The code of the language, or "" when it is not plain. Of related Cyrillic languages it knows only one."""
    letters = sum(character.isalpha() for character in text)
    for code, script in _SCRIPTS:
        if letters and len(script.findall(text)) >= SCRIPT_SHARE * letters:
            return code
    found = words(text)
    counts = Counter({code: sum(word in stop for word in found) for code, stop in STOP_WORDS.items()})
    (first, most), (_, next_most) = counts.most_common(2)
    return first if most > next_most else ""


def content_words(text: str, code: str) -> list[str]:
    """The words that carry content; without a known language, all of them."""
    stop = STOP_WORDS.get(code, frozenset())
    return [word for word in words(text) if word not in stop]
