"""Cite: a model's text and its sources -> the text that is shown and its verified citations. Pure.

A model's text is data: addresses that no source holds, links, images and tags are taken out of it, and so is every
sentence that no source stands behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag_ask import analyze
from rag_ask.ground import Source
from rag_ask.invisible import strip_invisible
from rag_ask.markers import MarkerGate, before_stop, normalize
from rag_ask.sentences import sentences

__all__ = ["Citation", "MarkerGate", "resolve"]

MAX_QUOTE_CHARACTERS = 300

_CODE = re.compile(r"(```.*?(?:```|\Z))", re.DOTALL)
_MARKER = re.compile(r"\[(\d{1,3})\]")
_TARGET = r"\(\s{0,3}<?(?:[^()\s<>]|\([^()\s<>]{0,200}\)){0,2000}>?(?:\s{1,3}[\"'(][^\n]{0,200}?[\"')])?\s{0,3}\)"
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,300}}\]{_TARGET}")
_LINK = re.compile(rf"\[([^\[\]\n]{{0,300}})\]{_TARGET}")
_TAG = re.compile(
    r"<(script|style)\b[^<>]{0,500}>.{0,5000}?</\1\s{0,5}>|<!--.{0,5000}?-->|</?[a-z][a-z0-9-]{0,30}(?:[\s/][^<>]{0,2000})?>",
    re.DOTALL | re.IGNORECASE,
)
_URL = re.compile(r" ?<?\b((?:https?://|ftp://|www\.)[^\s<>\"'()\[\]【】]+)>?", re.IGNORECASE)
_AFTER_URL = ".,;:!?*_`。，、！？"


@dataclass(frozen=True)
class Citation:
    """A source that the answer used. quote: the sentence of it that comes nearest to what the answer says."""

    number: int
    title: str
    url: str
    heading: str
    quote: str


def resolve(text: str, sources: Sequence[Source]) -> tuple[str, list[Citation]]:
    """Return the text as it may be shown, its markers as `[1][2]`, and the citations in order of first use.

    A sentence without a marker stays only when a later one of its paragraph has one. Without any valid marker there
    is no text and no citation.
    """
    known = _known_addresses(sources)
    pieces = _CODE.split(strip_invisible(text))
    pieces[::2] = [_without_links(piece, known) for piece in pieces[::2]]
    pieces = _CODE.split(normalize("".join(pieces), len(sources)))
    pieces[::2] = [_cited(before_stop(piece)) for piece in pieces[::2]]
    for code in range(1, len(pieces), 2):
        # Code holds no markers: what is said before it vouches for it.
        is_vouched_for = any(_MARKER.search(piece) for piece in pieces[:code:2])
        pieces[code] = f"\n{pieces[code]}\n" if is_vouched_for else ""
    by_number = {source.number: source for source in sources}
    quotes: dict[int, str] = {}
    for said, number in _claims(pieces[::2]):
        quotes.setdefault(number, _quote(said, by_number[number]))
    citations = [_citation(by_number[number], quote) for number, quote in quotes.items()]
    return "".join(pieces).strip() if citations else "", citations


def _known_addresses(sources: Sequence[Source]) -> set[str]:
    in_texts = (match[1] for source in sources for match in _URL.finditer(source.passage.text))
    return {_address(url) for url in (*in_texts, *(source.passage.url for source in sources))}


def _address(url: str) -> str:
    return url.rstrip(_AFTER_URL).rstrip("/")


def _without_links(text: str, known: set[str]) -> str:
    def bare(match: re.Match[str]) -> str:
        address = match[1].rstrip(_AFTER_URL)
        if _address(address) in known:
            return match[0]
        return match[1][len(address) :]

    def link_text(match: re.Match[str]) -> str:
        return f"[{match[1]}]" if match[1].strip().isdecimal() else match[1]

    text = _LINK.sub(link_text, _IMAGE.sub("", text))
    text = _URL.sub(bare, text)
    return re.sub(r"(?<=\S)  +(?=\S)", " ", re.sub(r" ?\( ?\)", "", _TAG.sub("", text)))


def _cited(text: str) -> str:
    """Cut each paragraph after its last sentence with a marker. One that announces the next goes with it."""
    kept: list[str] = []
    announcing = ""
    for paragraph in re.split(r"(\n\s*\n)", text):
        if not paragraph.strip():
            kept.append(paragraph)
        elif _MARKER.search(paragraph):
            kept.append(announcing + _to_last_marker(paragraph))
            announcing = ""
        else:
            announcing = f"{paragraph.rstrip()}\n\n" if paragraph.rstrip().endswith((":", "：")) else ""
    return re.sub(r"\n{3,}", "\n\n", "".join(kept))


def _to_last_marker(paragraph: str) -> str:
    parts = [part for line in paragraph.splitlines(keepends=True) for part in sentences(line)]
    while not _MARKER.search(parts[-1]):
        parts.pop()
    return "".join(parts).rstrip()


def _claims(pieces: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield what is said up to each marker's sentence, since the sentence with a marker before it."""
    said = ""
    for part in (part for piece in pieces for line in piece.splitlines() for part in sentences(line)):
        said += part
        numbers = _MARKER.findall(part)
        for number in numbers:
            yield said, int(number)
        if numbers:
            said = ""


def _quote(said: str, source: Source) -> str:
    """Return the sentence with the most terms in common, by the Dice coefficient."""
    wanted = set(analyze.terms(_MARKER.sub("", said), ""))

    def likeness(sentence: str) -> float:
        terms = set(analyze.terms(sentence, ""))
        return 2 * len(wanted & terms) / (len(wanted) + len(terms) or 1)

    lines = source.passage.text.split("\n")
    candidates = [sentence.strip() for line in lines for sentence in sentences(line)]
    best = max(candidates, key=likeness, default="")
    return best if len(best) <= MAX_QUOTE_CHARACTERS else best[: MAX_QUOTE_CHARACTERS - 1].rstrip() + "…"


def _citation(source: Source, quote: str) -> Citation:
    passage = source.passage
    return Citation(source.number, passage.title, passage.url, " > ".join(passage.heading_path), quote)
