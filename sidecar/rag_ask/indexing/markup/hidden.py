"""Hidden: which elements a visitor never reads. Folded content is not hidden: see `folds`. Pure."""

from __future__ import annotations

import re
from itertools import islice
from typing import Literal

from selectolax.lexbor import LexborNode


def names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Struck-out text is what the author no longer says; <rt> repeats the word before it in another script.
_REMOVED = names(
    "script style template noscript nav input textarea select datalist iframe svg canvas object embed audio video head "
    "title del s strike rt rp annotation annotation-xml option"
)
_ROLES = names("navigation search menu menubar dialog alertdialog doc-backlink")
# For screen readers only, copies that a carousel shows to go round, and our own box.
SCREEN_READER = names("screen-reader-text sr-only visually-hidden visuallyhidden elementor-screen-only assistive-text")
_CLASSES = SCREEN_READER | names(
    "slick-cloned swiper-slide-duplicate splide__slide--clone glide__slide--clone cloned comment-form comment-respond "
    "rag-ask et_pb_not_available"
)
_COOKIE_BOX = re.compile(r"(?:cookie|consent|gdpr)s?[-_]?\w*[-_]?(?:notice|banner|bar|box|popup|modal|dialog|overlay)")
_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Struck-out by style or, in lists of what a plan has, by class.
_DIGIT = re.compile(r"\d")
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_OLD_PRICE = re.compile(r"(?:original|old|regular|was|strike|crossed)[-_]*price|price[-_]*(?:original|old|regular|was)")
_FIELD = "input:not([type=hidden]), select, textarea"
MAX_NAME_CHARACTERS = 300
# Elements that make a price.
MAX_PRICE_PARTS = 8
# A text beside a field of a form says what to write there, unless it is longer than this.
MAX_FIELD_CAPTION = 80


def is_left_out(node: LexborNode) -> bool:
    """Whether nobody reads the element, open or folded."""
    if node.tag in _REMOVED or (node.tag == "dialog" and "open" not in node.attributes):
        return True
    attributes = node.attributes
    return bool(attributes) and (
        attributes.get("role") in _ROLES
        or not _CLASSES.isdisjoint(classes(node))
        or _STRUCK_STYLE.search(attributes.get("style") or "") is not None
        or _is_old_price(node)
        or _COOKIE_BOX.search(name_of(node)) is not None
    )


def is_closed(node: LexborNode) -> bool:
    """Whether the element is hidden as it stands: by an attribute or by its own style."""
    attributes = node.attributes
    return bool(attributes) and (
        ("hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found")
        or (attributes.get("aria-hidden") == "true" and not _is_said_beside(node))
        or _STYLE.search(attributes.get("style") or "") is not None
    )


def is_field_caption(node: LexborNode) -> bool:
    """Whether the element holds a field of a form and little else."""
    if node.tag not in ("p", "td", "li") or node.css_first(_FIELD) is None:
        return False
    return len(node.text().strip()) <= MAX_FIELD_CAPTION


def classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").lower().split()


def name_of(node: LexborNode) -> str:
    """Class and id, in which builders say what an element is."""
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:MAX_NAME_CHARACTERS].lower()


def _is_old_price(node: LexborNode) -> bool:
    """Whether the element is the price before a sale, told by its name and another price beside it."""
    if node.parent is None or _OLD_PRICE.search(name_of(node)) is None:
        return False
    others = (child for child in islice(node.parent.iter(), MAX_PRICE_PARTS) if child.mem_id != node.mem_id)
    return any(_DIGIT.search(other.text()) for other in others)


def beside(node: LexborNode, direction: Literal["prev", "next"]) -> LexborNode | None:
    """The element before or after it, if nothing but white space is between."""
    found: LexborNode | None = getattr(node, direction)
    while found is not None and found.is_text_node and not (found.text_content or "").strip():
        found = getattr(found, direction)
    return found if found is not None and found.is_element_node else None


def _is_said_beside(node: LexborNode) -> bool:
    """Whether the element is only kept from screen readers, which get its words from an element beside it.

    A range of prices is three such elements in a row, which one element says.
    """
    return _is_said(node, "prev") or _is_said(node, "next")


def _is_said(node: LexborNode, direction: Literal["prev", "next"]) -> bool:
    other = beside(node, direction)
    for _ in range(MAX_PRICE_PARTS):
        if other is None or other.attributes.get("aria-hidden") != "true":
            break
        other = beside(other, direction)
    return other is not None and not SCREEN_READER.isdisjoint(classes(other))
