"""Excerpt: the lines of a section -> what is shown of it, as pieces: heading, paragraph, list, table. Pure.

A passage is shown as it stands on the page. A long one is shown from the paragraph on that answers best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag_ask.passage import BULLET, FIELD, NOTE, Source
from rag_ask.retrieval.sections import Line, Section
from rag_ask.text.sentences import sentences

HEADING, PARAGRAPH, LIST, TABLE = "heading", "paragraph", "list", "table"
# What stands around a passage is shown with it up to here.
MAX_CHARACTERS = 600
# What is shorter hardly says anything yet.
MIN_CHARACTERS = 150
# A passage, a list or a table is shown whole up to here.
MAX_WHOLE_CHARACTERS = 1000
# From this share of its items on, a list that names headings of its page is a table of contents.
CONTENTS = 0.6

_ITEM = re.compile(rf"{BULLET} |\d{{1,3}}[.)] ")
_BARE_NUMBER = re.compile(r"\(?\d{1,3}[.)]?")
_PAIR = r"[^:;]{1,80}: [^;]+"
# A row of a table names its columns: `Day: Monday; Open: 9 to 12`. The group that it stands in may come before them.
_ROW = re.compile(rf"(?:[^:;]{{1,80}}; )?{_PAIR}(?:; {_PAIR})+|[^:;]{{1,80}}; {_PAIR}")
# A row of two columns, `Saturday: 9 to 12`, if others stand beside it. It does not end as a sentence does.
_SHORT_ROW = re.compile(r"[^:;.!?]{1,60}: [^;]{0,199}[^;.!?。！？]")
_QUESTION = re.compile(r"[?？؟]\W*$")
_LEADS_IN = re.compile(r"[:：]\s*$")
_ADDRESS = re.compile(r"https?://\S+")
MAX_WORDS_OF_SOURCE = 6
# Where a text was taken from: `Originally published at`, `Source:`.
_TAKEN_FROM = re.compile(
    r"\b(?:publish|appeared|veröffentlicht|erschienen|publié|paru\b|publicad|pubblicat|gepubliceerd|opublikowan|"
    r"опублик|опублік|نشر|نُشر)|(?:\b(?:sources?|quellen?|fuentes?|fonti?|fontes?|bron|źródło|источник|джерело|المصدر)|"
    r"来源|出典|출처)\s?[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt. kind: HEADING and PARAGRAPH have one line, LIST its items, TABLE its rows.

    under: the subheadings that it stands under. is_found: belongs to the passage, in part at least.
    """

    kind: str
    lines: tuple[str, ...]
    under: tuple[str, ...] = ()
    is_found: bool = True

    @property
    def size(self) -> int:
        """Characters."""
        return sum(map(len, self.lines))


@dataclass(frozen=True)
class Excerpt:
    """What is shown of a source. line: the one that answers best."""

    source: Source
    pieces: tuple[Piece, ...]
    line: str

    def beyond(self, others: Sequence[Excerpt]) -> Excerpt | None:
        """Without what the others show of it; None when that is half of it or more."""
        said = {line for other in others for piece in other.pieces for line in piece.lines}
        body = [piece for piece in self.pieces if piece.kind != HEADING]
        lines = [line for piece in body for line in piece.lines]
        if 2 * sum(len(line) for line in lines if line in said) >= sum(map(len, lines)):
            return None
        new = [piece for piece in body if not said.issuperset(piece.lines)]
        if len(new) == len(body):
            return self
        above = self.source.passage.heading_path[-1:]
        line = new[0].lines[0] if self.line in said else self.line
        return Excerpt(self.source, tuple(_with_headings(new, above)), line)


Score = Callable[[Sequence[str], Sequence[str]], float]


def excerpt(source: Source, section: Section, score: Score) -> Excerpt | None:
    """The part of a section that answers best; None when nothing in it can be an answer.

    score: how well lines that stand under these subheadings answer together.
    """
    pieces = _pieces(section)
    if source.passage.kind != NOTE:
        pieces = [piece for piece in pieces if not _is_source_line(piece, score)]
    lines = [(piece, line) for piece in pieces if piece.is_found for line in piece.lines if _answers(line)]
    scored = [(score([line], piece.under), piece, line) for piece, line in lines]
    if not scored:
        return None
    _, best, line = max(scored, key=lambda one: one[0])
    if source.passage.kind == NOTE:
        # Nothing is left out of what the owner wrote.
        return Excerpt(source, tuple(_with_headings(pieces, ())), line)
    if source.passage.kind == FIELD:
        # A field says all it has to say in one line.
        return Excerpt(source, (Piece(PARAGRAPH, (line,)),), line)
    inside = [piece for piece in pieces if piece.under[: len(best.under)] == best.under]
    shown = _shown(inside, best, line, score)
    above = source.passage.heading_path[-1:]
    return Excerpt(source, tuple(_with_headings(shown, above)), line)


def _pieces(section: Section) -> list[Piece]:
    lines = _under_questions(section.lines)
    pieces = []
    kinds = _kinds(lines)
    for (kind, under), group in groupby(zip(kinds, lines, strict=True), key=lambda one: (one[0], one[1].headings)):
        members = [line for _, line in group]
        texts = tuple(line.text for line in members)
        if kind == PARAGRAPH:
            pieces += [Piece(PARAGRAPH, (_without_last_question(line.text),), under, line.is_found) for line in members]
        elif not _is_contents(texts, section.page_headings):
            pieces.append(Piece(kind, texts, under, any(line.is_found for line in members)))
    return list(_without_idle_lead_ins(pieces))


def _under_questions(lines: Sequence[Line]) -> list[Line]:
    """A question is the heading of what follows, or the item of a list of contents, and never an answer itself."""
    found: list[Line] = []
    question: Line | None = None
    for line in lines:
        if _only_asks(line.text):
            question = line if _kind(line.text) == PARAGRAPH else question
            continue
        if question and question.headings != line.headings:
            question = None
        found.append(replace(line, headings=(*line.headings, _bare(question.text))) if question else line)
    return found


def asks(text: str) -> bool:
    """Does it end with a question?"""
    return _QUESTION.search(text) is not None


def _only_asks(text: str) -> bool:
    return asks(text) and all(asks(part.strip()) for part in sentences(_bare(text)))


def _without_last_question(text: str) -> str:
    if not asks(text):
        return text.rstrip()
    parts = list(sentences(text))
    while asks(parts[-1].strip()):
        parts.pop()
    return "".join(parts).rstrip()


def _answers(line: str) -> bool:
    """Not so for a number of a list without its item, and for an address alone."""
    return not _BARE_NUMBER.fullmatch(line.strip()) and _ADDRESS.sub("", line).strip() != ""


def _is_source_line(piece: Piece, score: Score) -> bool:
    """Whether it only tells where the text was taken from, and nobody asked for that."""
    rest = _ADDRESS.sub("", piece.lines[0])
    return (
        piece.kind == PARAGRAPH
        and rest != piece.lines[0]
        and len(rest.split()) <= MAX_WORDS_OF_SOURCE
        and _TAKEN_FROM.search(rest) is not None
        and not score([rest], ())
    )


def _kind(text: str) -> str:
    return TABLE if _ROW.fullmatch(text) else LIST if _ITEM.match(text) else PARAGRAPH


def _kinds(lines: Sequence[Line]) -> list[str]:
    """The kind of each line. Rows of two columns are told by the rows beside them."""
    kinds = [_kind(line.text) for line in lines]
    is_short = [
        kind == PARAGRAPH and _SHORT_ROW.fullmatch(line.text) is not None
        for kind, line in zip(kinds, lines, strict=True)
    ]
    for index in range(1, len(lines)):
        if all(is_short[index - 1 : index + 1]) and lines[index - 1].headings == lines[index].headings:
            kinds[index - 1 : index + 1] = TABLE, TABLE
    return kinds


def _is_contents(items: Sequence[str], page_headings: frozenset[str]) -> bool:
    named = sum(_bare(item) in page_headings for item in items)
    return named > 1 and named >= CONTENTS * len(items)


def _without_idle_lead_ins(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Without a line that announces something which does not follow."""
    for index, piece in enumerate(pieces):
        if not _announces(piece) or any(after.under == piece.under for after in pieces[index + 1 : index + 2]):
            yield piece


def _announces(piece: Piece) -> bool:
    return piece.kind == PARAGRAPH and _LEADS_IN.search(piece.lines[-1]) is not None


def _shown(pieces: Sequence[Piece], best: Piece, line: str, score: Score) -> list[Piece]:
    """The whole if it fits; else the passage and what follows it, or the part of a long passage that answers best."""
    if sum(piece.size for piece in pieces) <= MAX_CHARACTERS:
        return list(pieces)
    found = [index for index, piece in enumerate(pieces) if piece.is_found]
    if sum(pieces[index].size for index in found) <= MAX_WHOLE_CHARACTERS:
        return _window(pieces, found[0], best, line)

    def worth(window: Sequence[Piece]) -> tuple[float, bool]:
        return score([line for piece in window for line in piece.lines], best.under), window[0] is best

    windows = [_window(pieces, index, best, line) for index in found]
    return max(windows, key=worth)


def _window(pieces: Sequence[Piece], first: int, best: Piece, line: str) -> list[Piece]:
    """From this piece on as many as fit, and what announces the first one."""
    if first and _announces(pieces[first - 1]):
        first -= 1
    shown: list[Piece] = []
    size = 0
    for piece in pieces[first:]:
        is_wanted = piece.is_found or size < MIN_CHARACTERS or _announces(shown[-1])
        limit = MAX_WHOLE_CHARACTERS if is_wanted else MAX_CHARACTERS
        if shown and size + piece.size > limit:
            break
        shown.append(_cut(piece, line if piece is best else piece.lines[0]))
        size += shown[-1].size
    if len(shown) > 1 and _announces(shown[-1]):
        shown.pop()
    return shown


def _cut(piece: Piece, line: str) -> Piece:
    """A list or table that is too long is shown from its best line on; a table with its first row."""
    if piece.size <= MAX_WHOLE_CHARACTERS or len(piece.lines) == 1:
        return piece
    at = piece.lines.index(line)
    head = piece.lines[:1] if piece.kind == TABLE and at else ()
    kept: list[str] = []
    for following in piece.lines[at:]:
        if kept and sum(map(len, kept)) + len(following) > MAX_CHARACTERS:
            break
        kept.append(following)
    return Piece(piece.kind, (*head, *kept), piece.under)


def _with_headings(pieces: Sequence[Piece], above: tuple[str, ...]) -> Iterator[Piece]:
    """Each piece below the headings that it stands under, each heading once."""
    shown: tuple[str, ...] = ()
    for piece in pieces:
        under = (*above, *piece.under)
        for depth, heading in enumerate(under):
            if under[: depth + 1] != shown[: depth + 1]:
                yield Piece(HEADING, (heading,))
        shown = under
        yield piece


def _bare(item: str) -> str:
    return _ITEM.sub("", item).strip()
