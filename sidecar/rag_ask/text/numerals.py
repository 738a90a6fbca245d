"""Numerals: numbers that are written as words, or in the digits of another script -> figures. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from text_to_num import find_numbers

from rag_ask.text.locales import convention

# Where text2num knows no number words: in the order of their values. `_` leaves out what mostly means something else
# ("one"); `/` parts forms. The hours are ordinals in Polish and in Arabic.
_LISTED = {
    "ru": "ноль _ два/две/двух/двум три/трёх/трех/трём/трем четыре/четырёх/четырех пять/пяти шесть/шести семь/семи "
    "восемь/восьми девять/девяти десять/десяти одиннадцать/одиннадцати двенадцать/двенадцати тринадцать/тринадцати "
    "четырнадцать/четырнадцати пятнадцать/пятнадцати шестнадцать/шестнадцати семнадцать/семнадцати "
    "восемнадцать/восемнадцати девятнадцать/девятнадцати двадцать/двадцати",
    "pl": "zero _ dwa/dwie/dwóch/dwoje/drugiej trzy/trzech/trzeciej cztery/czterech/czwartej pięć/pięciu/piątej "
    "sześć/sześciu/szóstej siedem/siedmiu/siódmej osiem/ośmiu/ósmej dziewięć/dziewięciu/dziewiątej "
    "dziesięć/dziesięciu/dziesiątej jedenaście/jedenastu/jedenastej dwanaście/dwunastu/dwunastej trzynaście/trzynastej "
    "czternaście/czternastej piętnaście/piętnastej szesnaście/szesnastej siedemnaście/siedemnastej "
    "osiemnaście/osiemnastej dziewiętnaście/dziewiętnastej dwadzieścia/dwudziestu/dwudziestej",
    "ar": "صفر _ اثنان/اثنين/اثنتان/الثانية ثلاثة/ثلاث/الثالثة أربعة/أربع/الرابعة خمسة/خمس/الخامسة ستة/ست/السادسة "
    "سبعة/سبع/السابعة ثمانية/ثماني/ثمان/الثامنة تسعة/تسع/التاسعة عشرة/عشر/العاشرة",
}
_TENS = {
    "ru": "тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто сто",
    "pl": "trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt sto",
    "ar": "ثلاثين/ثلاثون أربعين/أربعون خمسين/خمسون ستين/ستون سبعين/سبعون ثمانين/ثمانون تسعين/تسعون مئة/مائة",
}


def _values(code: str) -> dict[str, str]:
    listed = [*enumerate(_LISTED[code].split()), *enumerate(_TENS[code].split(), start=3)]
    tens = len(_LISTED[code].split())
    return {
        form: str(value if place < tens else 10 * value)
        for place, (value, forms) in enumerate(listed)
        for form in forms.split("/")
        if form != "_"
    }


NUMBER_WORDS = {code: _values(code) for code in _LISTED}
_TEXT2NUM = frozenset(["da", "de", "en", "es", "fr", "it", "nl", "pt"])
_LEAST = 0.5
# text2num takes quadratic time for a long run of number words.
_RUN_WORDS = 40
_LETTERS = re.compile(r"[^\W\d_]+")

_CHINESE = dict(zip("〇零一二三四五六七八九两兩両十百千", (0, 0, *range(1, 10), 2, 2, 2, 10, 100, 1_000), strict=True))
_CHINESE |= {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8}
_THAI = {
    word: value
    for words, value in (
        ("หนึ่ง เอ็ด", 1), ("สอง ยี่", 2), ("สาม", 3), ("สี่", 4), ("ห้า", 5), ("หก", 6), ("เจ็ด", 7), ("แปด", 8), ("เก้า", 9),
        ("สิบ", 10), ("ร้อย", 100), ("พัน", 1_000), ("หมื่น", 10**4), ("แสน", 10**5),
    )
    for word in words.split()
}  # fmt: skip
_KOREAN = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "스물": 20, "스무": 20,
}  # fmt: skip
_SINO_KOREAN = dict(zip("일이삼사오육칠팔구십백천", (*range(1, 10), 10, 100, 1_000), strict=True)) | {"만": 10**4}

# A run that begins with a myriad is a word (万一), and so is 十 before 分 more often than not.
_CHINESE_RUN = re.compile(r"(?![万萬億亿])[〇零一二三四五六七八九两兩両十百千万萬億亿]{1,20}")
# Words that begin as a number does: can, husband, forbid, chair, fall.
_THAI_NUMBER = "สาม(?!ารถ|ี)|ห้า(?!ม)|เก้า(?!อี้)|หก(?!ล้ม)|หนึ่ง|สอง|สี่|เจ็ด|แปด|สิบ|ร้อย|พัน|ยี่(?=สิบ)|เอ็ด|หมื่น|แสน"
_THAI_RUN = re.compile(rf"(?:{_THAI_NUMBER}){{1,12}}")
_COUNTED = r"(?=\s?(?:시|명|개|번|살|마리|잔|달|가지|곳|분|권|장|대|주|일|원|유로|퍼센트|년))"
_KOREAN_RUN = re.compile(
    rf"(?<![가-힣])(?:(열|스물|스무)?(한|두|세|네|다섯|여섯|일곱|여덟|아홉)|열|스물|스무|[일이삼사오육칠팔구십백천만]{{2,12}}){_COUNTED}"
)
_MYRIADS = re.compile(r"(\d{1,9}(?:\.\d{1,4})?)\s?([万萬만億亿억])")
_SEPARATORS = str.maketrans("٫٬", ".,")
_FRENCH_TENS = {
    "diz": 10, "douz": 12, "quinz": 15, "vingt": 20, "trent": 30, "quarant": 40, "cinquant": 50, "soixant": 60,
    "cent": 100,
}  # fmt: skip
# How often, and how many: "a dozen", "une vingtaine".
_TIMES = {
    "en": {"twice": "2 times", "thrice": "3 times", "a dozen": "12", "half a dozen": "6", "a fortnight": "2 weeks"},
    "fr": {f"une {ten}aine": str(value) for ten, value in _FRENCH_TENS.items()},
    "es": {"una docena": "12", "una decena": "10", "una veintena": "20", "un centenar": "100"},
    "it": {"una decina": "10", "una dozzina": "12", "una ventina": "20", "una trentina": "30", "un centinaio": "100"},
    "pt": {"uma dezena": "10", "uma dúzia": "12", "uma vintena": "20"},
    "de": {
        "ein dutzend": "12",
        "zweimal": "2 Mal",
        "dreimal": "3 Mal",
        "viermal": "4 Mal",
        "fünfmal": "5 Mal",
        "sechsmal": "6 Mal",
    },
    "nl": {"een dozijn": "12", "een tiental": "10", "een twintigtal": "20", "tweemaal": "2 keer", "driemaal": "3 keer"},
    "pl": {"dwukrotnie": "2 razy", "trzykrotnie": "3 razy"},
    "ru": {"дважды": "2 раза", "трижды": "3 раза"},
}
_TIMES_WORD = {code: re.compile(rf"\b(?:{'|'.join(listed)})\b", re.IGNORECASE) for code, listed in _TIMES.items()}


def in_figures(text: str, code: str = "") -> str:
    """`two hundred` -> `200`, `٧:٣٠` -> `7:30`, `七時` -> `7時`, `일곱 시` -> `7 시`, `3万` -> `30000`.

    code: of the text's language, whose number words are read too.
    """
    if not text.isascii():
        text = "".join(_digit(character) for character in text).translate(_SEPARATORS)
        text = _CHINESE_RUN.sub(_chinese, text)
        text = _THAI_RUN.sub(_thai, text)
        text = _KOREAN_RUN.sub(_korean, text)
        text = _MYRIADS.sub(_myriads, text)
    if code in _TIMES:
        text = _TIMES_WORD[code].sub(lambda match: _TIMES[code][match[0].casefold()], text)
    if spelled := NUMBER_WORDS.get(code):
        return _LETTERS.sub(lambda match: spelled.get(match[0].casefold(), match[0]), text)
    return _read_words(text, code) if code in _TEXT2NUM else text


@dataclass(frozen=True)
class _Word:
    """A word as text2num asks for it. is_apart: more than a space or a hyphen is before it."""

    said: str
    is_apart: bool

    def text(self) -> str:
        return self.said

    def text_lowercase(self) -> str:
        return self.said.lower()

    def nt_separated(self, _previous: object) -> bool:
        return self.is_apart

    def not_a_number_part(self) -> bool:
        # "O" is a zero on the telephone, and the hour in "seven o'clock".
        return self.said.lower() == "o"


def _is_counted(following: list[re.Match[str]], code: str) -> bool:
    """Whether "one" is a number: `one week`, `un euro`. Else it is mostly none."""
    rules = convention(code)
    return bool(following) and following[0][0].casefold() in {*rules.durations, *rules.currencies}


def _read_words(text: str, code: str) -> str:
    found = list(_LETTERS.finditer(text))
    shown, end = [], 0
    for start in range(0, len(found), _RUN_WORDS):
        run = found[start : start + _RUN_WORDS]
        before = [end, *(match.end() for match in run)]
        words = [
            _Word(match[0], bool(text[stop : match.start()].strip(" -")))
            for stop, match in zip(before, run, strict=False)
        ]
        for number in find_numbers(words, code, _LEAST):
            # "second" is an ordinal in one sentence and a time in the next.
            if not number.is_ordinal and (number.value > 1 or _is_counted(run[number.end :], code)):
                shown += [text[end : run[number.start].start()], number.text]
                end = run[number.end - 1].end()
    return "".join([*shown, text[end:]])


def _digit(character: str) -> str:
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))


def _chinese(match: re.Match[str]) -> str:
    found = match[0]
    is_word = found in "一百千" or (found == "十" and match.string[match.end() : match.end() + 1] == "分")
    return found if is_word else _value([_CHINESE[sign] for sign in found])


def _thai(match: re.Match[str]) -> str:
    numbers = [_THAI[word] for word in re.findall(_THAI_NUMBER, match[0])]
    return match[0] if numbers == [1] or numbers[0] > 10 else _value(numbers)


def _korean(match: re.Match[str]) -> str:
    found = match[0]
    if found == "한":
        return found
    if found[0] in _SINO_KOREAN and found not in _KOREAN:
        return _value([_SINO_KOREAN[sign] for sign in found])
    return str(_KOREAN.get(found) or _KOREAN[match[1]] + _KOREAN[match[2]])


def _value(numbers: list[int]) -> str:
    """Digits alone stand one after the other, as in 二〇二六; a digit before a unit is multiplied by it."""
    if all(number < 10 for number in numbers):
        return str(int("".join(map(str, numbers))))
    total = section = digit = 0
    for number in numbers:
        if number < 10:
            digit = number
        elif number < 10**4:
            section += (digit or 1) * number
            digit = 0
        else:
            total += (section + digit) * number
            section = digit = 0
    return str(total + section + digit)


def _myriads(match: re.Match[str]) -> str:
    number = float(match[1]) * (10**4 if match[2] in "万萬만" else 10**8)
    return str(round(number))
