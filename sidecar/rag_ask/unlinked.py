"""Unlinked: a model's text without addresses that no source holds, links, images and tags. Pure, in linear time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.ground import Source

# Wider than Markdown's own, where an address holds no space; one that a sentence's end cuts off goes too.
_TARGET = r"\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,2000}){0,9}(?:\)|\Z)"
_IMAGE = re.compile(rf"!\[[^\[\]\n]{{0,300}}\]{_TARGET}")
_LINK = re.compile(rf"\[([^\[\]\n]{{0,300}})\]{_TARGET}")
# A tag that is not closed goes too, up to where the next one begins.
_TAG = re.compile(
    r"<(script|style)\b[^<>]{0,500}>.{0,5000}?</\1\s{0,5}>|<!--.{0,5000}?(?:-->|\Z)"
    r"|</?[a-z][a-z0-9-]{0,30}(?:[\s/][^<>]{0,2000})?(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_URL = re.compile(
    r" ?<?\b(?:(?:https?|ftp)://|www\.|(?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24}/)[^\s<>\"'()\[\]【】]*>?", re.IGNORECASE
)
_AFTER_URL = ".,;:!?*_`。，、！？"


def known_addresses(sources: Sequence[Source]) -> frozenset[str]:
    """The addresses that may be shown: those of the sources and those written in them."""
    in_texts = (found[0] for source in sources for found in _URL.finditer(source.passage.text))
    return frozenset(_address(url) for url in (*in_texts, *(source.passage.url for source in sources)))


def unlinked(text: str, known: frozenset[str]) -> str:
    """The text without what is not to be shown; the words of a link stay."""

    def link_text(match: re.Match[str]) -> str:
        return f"[{match[1]}]" if match[1].strip().isdecimal() else match[1]

    text = without_addresses(_LINK.sub(link_text, _IMAGE.sub("", text)), known)
    return re.sub(r"(?<=\S)  +(?=\S)", " ", re.sub(r" ?\( ?\)", "", _TAG.sub("", text)))


def without_addresses(text: str, known: frozenset[str]) -> str:
    """The text without the addresses that are not known; nothing else of it is touched, as befits code."""

    def bare(match: re.Match[str]) -> str:
        if _address(match[0]) in known:
            return match[0]
        address = match[0].rstrip(_AFTER_URL + ">")
        return match[0][len(address) :].lstrip(">")

    return _URL.sub(bare, text)


def _address(found: str) -> str:
    return found.strip(" <>").rstrip(_AFTER_URL).rstrip("/")
