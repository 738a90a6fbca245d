"""Sanitize: remove links, images, tags and addresses that no source holds from a model's text. Pure, linear time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag_ask.passage import Passage, Source

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
# What no address follows: `![x]`, `[text][reference]`, `[reference]: address`. Numbers are markers.
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,300})\] ?\[([^\[\]\n]{0,100})\]")
_BARE_IMAGE = re.compile(r"(?<!\w)!\[(?!\d{1,3}\])[^\[\]\n]{0,300}\](?!\()")
_DEFINITION = re.compile(r"^ {0,3}\[(?!\d{1,3}\])[^\[\]\n]{1,100}\]:[ ]?", re.MULTILINE)
_LABEL = r"[a-z0-9\u00c0-\u024f\u0370-\u04ff-]{1,63}"
# Browsers take the full stops of other scripts for dots.
_DOMAIN = rf"(?:{_LABEL}[.。．｡]){{1,9}}[a-z\u00c0-\u024f\u0370-\u04ff]{{2,24}}"
_URL = re.compile(
    rf" ?<?(?://)?\b(?:[a-z][a-z0-9+-]{{1,20}}://|(?:mailto|javascript|vbscript|data):(?=\S)|www\.|{_DOMAIN}/)"
    r"[^\s<>\"'()\[\]【】]*>?",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf" ?<?(?://)?(?<![\w.+-])(?:[\w.+-]{{1,64}}@[\w.-]{{1,255}}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{_DOMAIN})(?!\w)"
    r"(?:[:/][^\s<>\"'()\[\]【】]*)?>?",
    re.IGNORECASE,
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

    def referring_text(match: re.Match[str]) -> str:
        text, reference = (part if part.strip().isdecimal() else "" for part in match.groups())
        if text and reference:
            return match[0]
        return (f"[{text}]" if text else match[1]) + (f" [{reference}]" if reference else "")

    text = _BARE_IMAGE.sub("", _LINK.sub(link_text, _IMAGE.sub("", text)))
    text = without_addresses(_DEFINITION.sub("", _REFERENCE.sub(referring_text, text)), known)
    return re.sub(r"(?<=\S)  +(?=\S)", " ", re.sub(r" ?\( ?\)", "", _TAG.sub("", text)))


def without_addresses(text: str, known: frozenset[str]) -> str:
    """The text without the addresses that are not known; nothing else of it is touched, as befits code."""

    def bare(match: re.Match[str]) -> str:
        if _address(match[0]) in known:
            return match[0]
        address = match[0].rstrip(_AFTER_URL + ">")
        return match[0][len(address) :].lstrip(">")

    return _URL.sub(bare, text)


def without_domains(text: str, passages: Sequence[Passage]) -> str:
    """The text without the domains and e-mail addresses that none of the passages holds."""
    known = {_domain(found[0]) for passage in passages for found in _BARE.finditer(passage.text)}

    def bare(match: re.Match[str]) -> str:
        return match[0] if _domain(match[0]) in known else match[0][len(match[0].rstrip(_AFTER_URL)) :]

    return _BARE.sub(bare, text)


def _domain(found: str) -> str:
    return re.split("[:/]", _address(found).lstrip("/"), maxsplit=1)[0].casefold()


def _address(found: str) -> str:
    return found.strip(" <>").rstrip(_AFTER_URL).rstrip("/")
