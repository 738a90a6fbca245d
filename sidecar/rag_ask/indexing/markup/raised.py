"""Raised: text in <sup> -> how it is written in a line, so that it does not change the number before it. Pure."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
# A comma stands between the marks of two notes.
_SIGNS = re.compile(r"[0-9+\-−=()n]+(?:, ?[0-9]{1,3})*")
_CURRENCY = r"(?:[$€£¥₹₽₺₩]|[A-Z]{2,3}|kr|zł|Fr)"
_PRICE_BEFORE = re.compile(rf"{_CURRENCY}\.?\s{{0,2}}[0-9][0-9.,'’ ]{{0,12}}$")
_PRICE_AFTER = re.compile(rf"\s{{0,2}}{_CURRENCY}(?![a-z])")
_CENTS = re.compile(r"[0-9]{2}")
_FRACTION = re.compile(r"price\S*(?:fraction|decimal|cents)")
_MARK = re.compile(r"[\[(]?(?:[0-9]{1,3}|[a-z]|[*†‡§¶#]{1,3}|[ivx]{1,5})[\])]?", re.IGNORECASE)
_WORD_ENDS = tuple(".,;:!?)\"'”»")
_DIGIT = re.compile(r"[0-9]")
_BACK = re.compile(r"[\s↩⏎↑⤴^\ufe0e\ufe0f]+")
# What is read before and after a raised sign to tell cents.
NEAR = 20


def is_note_mark(node: LexborNode) -> bool:
    """Whether a <sup>, or the link in or around it, leads to a footnote and is no part of the text."""
    if node.attributes.get("role") in ("doc-noteref", "doc-backlink"):
        return True
    if node.tag != "sup" and not _is_link(node):
        return False
    text = (node.text() or "").strip()[:10]
    if _BACK.fullmatch(text) and (node.attributes.get("href") or "").startswith("#"):
        return True
    if _MARK.fullmatch(text) is None:
        return False
    if node.tag == "sup":
        return any(_is_link(child) for child in node.iter())
    if any(child.tag == "sup" for child in node.iter()):
        return True
    return (node.attributes.get("href") or "").startswith("#") and _DIGIT.search(text) is not None and _is_close(node)


def written(raised: str, before: str, node: LexborNode) -> str:
    """The text of a <sup> as it goes on after `before`: `4.` + `50`, `$19` + `99` as `.99`, `m` + `2` as `²`."""
    text = raised.strip()
    after = (node.next.text_content or "") if node.next is not None and node.next.is_text_node else ""
    is_price = _PRICE_BEFORE.search(before[-NEAR:]) or _PRICE_AFTER.match(after[:NEAR])
    if _CENTS.fullmatch(text) and before[-1:].isdigit() and is_price:
        return f".{text}"
    if _SIGNS.fullmatch(text) and not before.endswith((".", ",")):
        return text.translate(_SUPERSCRIPTS)
    return "™" if text == "TM" else raised


def is_fraction(node: LexborNode | None) -> bool:
    """Whether the element holds the cents of a price, which builders draw raised by style."""
    return node is not None and _FRACTION.search(node.attributes.get("class") or "") is not None


def holds_fraction(node: LexborNode) -> bool:
    """Whether the element is the box around the cents, which go on in the line of the price."""
    first = next(iter(node.iter()), None)
    return is_fraction(first)


def _is_close(link: LexborNode) -> bool:
    """Whether the link follows a word without a space, as a number that a theme raises by style."""
    node = link
    while node.prev is None and node.parent is not None and node.parent.tag == "span":
        node = node.parent
    before = node.prev
    # What a footnote leads back to is empty.
    while before is not None and before.is_element_node and not before.text():
        before = before.prev
    text = (before.text_content or "") if before is not None and before.is_text_node else ""
    return text[-1:].isalnum() or text.endswith(_WORD_ENDS)


def _is_link(node: LexborNode) -> bool:
    # Links are <span> by then: see `nesting`.
    return "href" in node.attributes
