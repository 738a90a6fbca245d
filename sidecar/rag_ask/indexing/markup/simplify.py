"""Simplify: a parsed document -> the few tags that html2text needs, without hidden content. Pure.

Headings and folds are marked by private-use characters; ASCII punctuation travels as such characters too, so that no
later step takes an author's character for Markdown.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from rag_ask.indexing.markup.folds import Folds
from rag_ask.indexing.markup.hidden import is_closed, is_field_caption, is_left_out, names
from rag_ask.indexing.markup.pairs import Pairs, is_column
from rag_ask.indexing.markup.pictures import alt_of, is_inline
from rag_ask.indexing.markup.raised import NEAR, holds_fraction, is_fraction, is_note_mark, written
from rag_ask.indexing.markup.tables import ITEM, Table, holds_data, tags_by_role
from rag_ask.text.invisible import strip_invisible

HEADING_END, FOLD, FOLD_END, PAGE_END = "\ue000", "\ue007", "\ue009", "\ue00a"
HEADING_STARTS = "\ue001\ue002\ue003\ue004\ue005\ue006"
PROTECTED = {ord(character): chr(0xF0000 + ord(character)) for character in string.punctuation}

_CENTS = re.compile(r"\s*[0-9]{2}\s*")
_BLOCKS = names(
    "address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form header hgroup hr legend main p pre search section summary table tr td th xmp plaintext listing"
)
_LISTS = {"ul": "ul", "menu": "ul", "dir": "ul", "ol": "ol"}
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_DEPTHS = {"pre": "pre", "form": "form", "x-strong": "bold"} | dict.fromkeys(_HEADINGS, "heading")


def simplified(root: LexborNode, alts: list[str]) -> Iterator[str]:
    """Walk in reading order, without recursion, and yield the simpler HTML, one tag or one text at a time.

    `root` is the first of its siblings. alts: gets the alternative texts of the pictures on the way.
    """
    writer = _Writer(root.parent or root, alts)
    open_nodes: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None:
        if node.is_text_node:
            yield writer.text(node)
        elif node.is_comment_node:
            yield writer.comment(node)
        elif node.is_element_node and not writer.is_skipped(node):
            yield from writer.start(node)
            if node.child is not None:
                open_nodes.append(node)
                node = node.child
                continue
            yield from writer.end(node)
        while node.next is None:
            if not open_nodes:
                return
            node = open_nodes.pop()
            yield from writer.end(node)
        node = node.next


class _Writer:
    """Writes an element as the tags html2text needs. Knows what it is in: a table of data, <pre>, a form, a heading."""

    def __init__(self, root: LexborNode, alts: list[str]) -> None:
        self._alts = alts
        self._folds = Folds(root)
        self._pairs = Pairs(root, self._folds.titles)
        self._tags_by_role = tags_by_role(root)
        # None stands for a table that lays out a page.
        self._tables: list[Table | None] = []
        self._open_folds: set[int] = set()
        self._depth = dict.fromkeys(("pre", "form", "bold", "heading"), 0)
        self._before = ""
        self._is_begun = False

    def is_skipped(self, node: LexborNode) -> bool:
        if node.mem_id in self._folds.titles or node.mem_id in self._pairs.titles:
            return True
        if node.tag == "button" or (node.tag == "label" and self._depth["form"]):
            return not self._depth["heading"]
        if is_left_out(node) or is_note_mark(node) or (self._depth["form"] > 0 and is_field_caption(node)):
            return True
        return is_closed(node) and not self._folds.is_panel(node)

    def text(self, node: LexborNode) -> str:
        text = node.text_content or ""
        if node.parent is not None and node.parent.tag == "sup":
            text = written(text, self._before, node.parent)
        elif _CENTS.fullmatch(text) and self._before[-1:].isdigit() and is_fraction(node.parent):
            text = f".{text.strip()}"
        return self._put(text)

    def comment(self, node: LexborNode) -> str:
        """The end of a page. One before all else divides nothing, as in WordPress."""
        return PAGE_END if self._is_begun and (node.comment_content or "").strip() == "nextpage" else ""

    def start(self, node: LexborNode) -> Iterator[str]:
        tag = self._tag(node)
        self._is_begun = True
        label = self._folds.labels.get(node.mem_id)
        if label and (self._table or self._depth["heading"]):
            yield self._put(f"{label} ")
        elif label:
            self._open_folds.add(node.mem_id)
            yield f"{FOLD}{_plain(label)}{HEADING_END}"
        if tag in _HEADINGS and not self._depth["heading"]:
            yield HEADING_STARTS[_HEADINGS[tag] - 1]
        self._count(tag, 1)
        yield self._opening(node, tag)
        if lead := self._pairs.leads.get(node.mem_id):
            yield self._put(lead)
        elif not self._depth["pre"] and self._before[-1:].isalnum() and is_column(node):
            yield self._put(" ")

    def end(self, node: LexborNode) -> Iterator[str]:
        tag = self._tag(node)
        yield self._put(" ") if _is_price_part(node) else self._closing(tag)
        self._count(tag, -1)
        if tag == "table" and (table := self._tables.pop()):
            for line in table.lines():
                if self._table:
                    self._table.add(f"{ITEM}{line}")
                else:
                    yield from ("<div>", _plain(line), "</div>")
        if tag in _HEADINGS and not self._depth["heading"]:
            yield HEADING_END
        if node.mem_id in self._open_folds:
            yield FOLD_END

    def _tag(self, node: LexborNode) -> str:
        return self._tags_by_role.get(node.mem_id) or node.tag or ""

    @property
    def _table(self) -> Table | None:
        return self._tables[-1] if self._tables else None

    def _put(self, text: str) -> str:
        text = strip_invisible(text)
        self._before = (self._before + text)[-NEAR:]
        self._is_begun = self._is_begun or bool(text.strip())
        if self._table:
            self._table.add(text, is_bold=self._depth["bold"] > 0)
            return ""
        return _plain(text).replace("\n", "<br>") if self._depth["pre"] else _plain(text)

    def _count(self, tag: str, change: int) -> None:
        if kind := _DEPTHS.get(tag):
            self._depth[kind] += change

    def _opening(self, node: LexborNode, tag: str) -> str:
        if tag == "table":
            self._tables.append(Table() if holds_data(node) else None)
        if self._table:
            return self._in_table(node, tag, self._table)
        if tag in ("li", "br"):
            return f"<{tag}>"
        if tag == "img":
            return self._picture(node)
        if tag in _LISTS:
            start = node.attributes.get("start") or ""
            numbered = f' start="{start}"' if re.fullmatch(r"[0-9]{1,6}", start) else ""
            return f"<{_LISTS[tag]}{numbered}>"
        return "<div>" if tag in _BLOCKS and not _is_price_part(node) else ""

    def _picture(self, node: LexborNode) -> str:
        if is_inline(node):
            return self._put(alt_of(node))
        self._alts.append(alt_of(node))
        return " "

    def _closing(self, tag: str) -> str:
        if self._table:
            if tag in ("td", "th"):
                self._table.end_cell()
            self._table.add(" " if tag in _BLOCKS else "")
            return ""
        if tag == "li" or tag in _LISTS:
            return f"</{_LISTS.get(tag, tag)}>"
        return "</div>" if tag in _BLOCKS else ""

    def _in_table(self, node: LexborNode, tag: str, table: Table) -> str:
        if tag == "tr":
            table.start_row(node.parent is not None and node.parent.tag == "thead")
        elif tag in ("td", "th"):
            table.start_cell(node, tag == "th")
        elif tag == "img":
            table.add_image(alt_of(node))
        elif tag == "li":
            table.add(ITEM)
        elif tag == "br" or tag in _BLOCKS:
            table.add(" ")
        return ""


def _is_price_part(node: LexborNode) -> bool:
    return node.tag == "div" and holds_fraction(node)


def _plain(text: str) -> str:
    return text.translate(PROTECTED)
