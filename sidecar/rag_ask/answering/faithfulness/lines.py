"""Lines: a passage's text -> its blocks of lines; cards and run-on lists are taken apart. Pure, linear time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

# A longer line is prose.
MAX_LABEL_CHARACTERS = 60
_PROSE_END = (".", "!", "?", "。", "！", "？", ":", "：", ";", ",")
_VALUE = re.compile(r"\W{0,3}(?:[A-Z]{3} |(?:from|ab|dès|desde|da|od|vanaf) )?[€$£¥₹₽₺₩]? ?\d", re.IGNORECASE)
# `- name: Oak price: £80 - name: Elm price: £95`, `£22 per night • Large dogs £33`.
_ITEM = re.compile(r"\s[-–•·*]\s(?=\w)")
_PRICE = re.compile(r"[€$£¥₹₽₺₩]\s?\d[\d.,]{0,11}|(?<![\d.,])\d[\d.,]{0,11}\s?[€$£¥₹₽₺₩]")
MIN_ITEMS = 3
# A row names its columns, `Room: Oak; Seats: 24; Price: £80`, or begins with its own name: `Data; Mini: 4 GB`.
_ROW = re.compile(r"(?:([^:;]{1,80}): )?[^:;]{1,80}(?:; [^:;]{1,80}: [^;]{1,400})+")
_CLAUSE_STOP = r"[,;:()–—]\s|[、，]"
_CLAUSE_WORDS = {
    "en": "and|but|while", "de": "und|aber|sondern", "fr": "et|mais", "es": "y|e|pero", "it": "e|ed|ma",
    "nl": "en|maar", "pt": "e|mas", "pl": "i|a|ale", "ru": "и|но|а",
}  # fmt: skip
QUESTION_END = ("?", "？", "؟")


@dataclass(frozen=True)
class Block:
    """A line of prose, of a list or a table, or a card. lead_in: the line that announces them, without its colon."""

    line: str
    lead_in: str = ""
    is_card: bool = False
    # Of a row of a table: what each of its cells says of its first one.
    cells: tuple[str, ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in its order."""
    lead_in = asked = before = ""
    lines = [line.strip() for line in text.split("\n")]
    columns = Counter(row[1] for row in map(_ROW.fullmatch, lines) if row)
    for lines_of_one in _cards(lines):
        line = ", ".join(lines_of_one)
        is_row = " | " in line
        if is_row and not lead_in:
            # What stands before a table announces it.
            lead_in = before
        elif not is_row and lead_in == before:
            lead_in = ""
        before = "" if is_row else line
        if not line:
            lead_in = ""
        elif line.endswith(QUESTION_END):
            asked = f"{asked} {line}".lstrip()
        elif len(lines_of_one) == 1 and line.endswith((":", "：")) and len(line) <= MAX_LABEL_CHARACTERS:
            lead_in = line[:-1]
        else:
            if cells := _cells(line, columns):
                yield Block(line, lead_in, True, cells)
                continue
            # A question says nothing alone: it belongs to its answer.
            first, *others = _items(line)
            is_card = len(lines_of_one) > 1
            yield from (Block(item, lead_in, is_card) for item in (f"{asked} {first}".lstrip(), *others))
            asked = ""


def _cells(line: str, columns: Counter[str | None]) -> tuple[str, ...]:
    """The cells of a row, each after the first one. columns: how many rows of the text begin with a column's name."""
    row = _ROW.fullmatch(line)
    # `Mon: 9 to 17; Sat: 10 to 14` alone is no row of a table: Saturday is nothing of Monday's.
    if row is None or (row[1] is not None and columns[row[1]] < 2):
        return ()
    first, *others = line.split("; ")
    return tuple(f"{first}, {cell}" for cell in others)


def _cards(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines, those of a card together: a label, the values below it, and what follows up to the next label."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line and _is_short(line):
            block.append(line)
            continue
        yield from _cards_of(block)
        block = []
        yield [line]


def _is_short(line: str) -> bool:
    return (
        len(line) <= MAX_LABEL_CHARACTERS and not line.endswith(_PROSE_END) and " | " not in line and ": " not in line
    )


def _cards_of(block: Sequence[str]) -> Iterator[list[str]]:
    values = [_VALUE.match(line) is not None for line in block]
    # A card begins with a label, followed by a value.
    starts = [at for at in range(len(block) - 1) if not values[at] and values[at + 1]]
    if not starts or (values and values[0]):
        yield from ([line] for line in block)
        return
    yield from ([line] for line in block[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(block)], strict=True):
        yield list(block[start:end])


def _items(line: str) -> list[str]:
    """A run-on list as its items; any other line as it is."""
    items: list[str] = []
    for item in filter(str.strip, _ITEM.split(line)):
        if items and _VALUE.match(item):
            items[-1] += f" - {item}"
        else:
            items.append(item)
    if len(items) >= MIN_ITEMS or (len(items) > 1 and items[1].partition(" ")[0].endswith(":")):
        return items
    prices = list(_PRICE.finditer(line))
    if len(prices) < MIN_ITEMS or re.search(r"[,;|]\s|[.!?]\s", line) or prices[-1].end() < len(line.rstrip(" .")):
        return [line]
    ends = [0, *(price.end() for price in prices)]
    return [line[start:end].strip() for start, end in pairwise(ends)]


@cache
def _clause_end(language: str) -> re.Pattern[str]:
    joining = _CLAUSE_WORDS.get(language)
    return re.compile(rf"{_CLAUSE_STOP}|\s(?:{joining})\s" if joining else _CLAUSE_STOP)


def clauses_of(sentence: str, language: str) -> list[str]:
    """The clauses of a sentence, by its commas and by the words that join two: what one denies the other may say."""
    return [clause for clause in _clause_end(language).split(sentence) if clause and clause.strip()]
