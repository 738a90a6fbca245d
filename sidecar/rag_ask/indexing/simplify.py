"""Simplify: a parsed document -> the few tags that html2text needs, without hidden content. Pure.

Headings and cells of tables are marked by private-use characters; ASCII punctuation travels as such characters too,
so that no later step takes an author's character for Markdown.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from rag_ask.text.invisible import strip_invisible

HEADING_END, CELL = "\ue000", "\ue007"
HEADING_STARTS = "\ue001\ue002\ue003\ue004\ue005\ue006"
PROTECTED = {ord(character): chr(0xF0000 + ord(character)) for character in string.punctuation}


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Struck-out text is what the author no longer says; <rt> repeats the word before it in another script.
_REMOVED = _names(
    "script style template noscript nav form button input textarea select datalist iframe svg canvas object embed "
    "audio video head title del s strike rt rp annotation annotation-xml"
)
_BLOCKS = _names(
    "address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "header hgroup hr legend main p pre search section summary table tr td th xmp plaintext listing"
)
_LISTS = {"ul": "ul", "menu": "ul", "dir": "ul", "ol": "ol"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HIDDEN_CLASSES = frozenset(["screen-reader-text", "rag-ask"])
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN_ROLES = frozenset(["navigation", "search"])


def simplified(root: LexborNode) -> Iterator[str]:
    """Walk in reading order, without recursion, and yield the simpler HTML piece by piece.

    `root` is the first of its siblings.
    """
    writer = _Writer()
    open_tags: list[str] = []
    node: LexborNode | None = root
    while node is not None:
        if node.is_text_node:
            yield writer.text(node.text_content or "")
        elif node.is_element_node and not _is_hidden(node):
            yield writer.start(node)
            open_tags.append(node.tag or "")
            if node.child is not None:
                node = node.child
                continue
            yield writer.end(open_tags.pop())
        while node.next is None:
            if not open_tags or node.parent is None:
                return
            node = node.parent
            yield writer.end(open_tags.pop())
        node = node.next


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _REMOVED:
        return True
    attributes = node.attributes
    if not attributes:
        return node.tag == "dialog"
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in _HIDDEN_ROLES
        or not _HIDDEN_CLASSES.isdisjoint((attributes.get("class") or "").split())
        or _HIDDEN_STYLE.search(attributes.get("style") or "") is not None
        or (node.tag == "dialog" and "open" not in attributes)
    )


class _Writer:
    """Writes an element as the tags html2text needs. Knows whether it is in a table of data or in <pre>."""

    def __init__(self) -> None:
        self.tables_of_data: list[bool] = []
        self.preformatted = 0

    def text(self, text: str) -> str:
        text = strip_invisible(text).translate(PROTECTED)
        return text.replace("\n", self._break("<br>")) if self.preformatted else text

    def start(self, node: LexborNode) -> str:
        tag = node.tag or ""
        if tag == "table":
            self.tables_of_data.append(_holds_data(node))
        elif tag == "pre":
            self.preformatted += 1
        elif tag in _HEADINGS:
            return HEADING_STARTS[_HEADINGS[tag] - 1]
        elif tag == "li":
            return self._break("<li>")
        elif tag == "br":
            return self._break("<br>")
        elif tag == "img":
            return " "
        elif tag in _LISTS:
            start = node.attributes.get("start") or ""
            numbered = f' start="{start}"' if re.fullmatch(r"[0-9]{1,6}", start) else ""
            return self._break(f"<{_LISTS[tag]}{numbered}>")
        return self._edge(tag, "<div>")

    def end(self, tag: str) -> str:
        if tag in _HEADINGS:
            return HEADING_END
        if tag == "li" or tag in _LISTS:
            return self._break(f"</{_LISTS.get(tag, tag)}>")
        edge = self._edge(tag, "</div>")
        if tag == "table":
            self.tables_of_data.pop()
        elif tag == "pre":
            self.preformatted -= 1
        return edge

    def _edge(self, tag: str, markup: str) -> str:
        """Return how a block begins or ends; one inside a cell of data does not break the row."""
        in_data = bool(self.tables_of_data and self.tables_of_data[-1])
        if tag in ("td", "th"):
            return CELL if in_data else markup
        if in_data and tag in ("table", "tr", "caption"):
            return markup
        return self._break(markup) if tag in _BLOCKS else ""

    def _break(self, markup: str) -> str:
        return " " if self.tables_of_data and self.tables_of_data[-1] else markup


def _holds_data(table: LexborNode) -> bool:
    """Tell a table of data from one that lays out a page, whose cells hold headings or further tables."""
    return all(node.mem_id == table.mem_id for node in table.css("table, h1, h2, h3, h4, h5, h6"))
