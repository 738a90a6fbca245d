"""Pairs: a term and its meaning, a name and its value -> one line, `Saturday: 9 to 12`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

from rag_ask.indexing.markup.folds import label_of
from rag_ask.indexing.markup.hidden import beside

# A term that several meanings repeat.
MAX_TERM_CHARACTERS = 80
# A text in the second column that is longer is no value.
MAX_VALUE_CHARACTERS = 120
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_HALVES = frozenset(["span", "x-strong", "div", "p", "time", "em", "small", "bdi"])
_COLUMNS = frozenset(["cite", "span", "time"])
_BLOCKS = "div, p, ul, ol, table, dl, section, br"


class Pairs:
    """leads: what is read before an element. titles: what is read there and nowhere else."""

    def __init__(self, root: LexborNode, taken: set[int]) -> None:
        self.leads: dict[int, str] = {}
        self.titles: set[int] = set()
        for listed in root.css("dl"):
            self._add_terms(listed, taken)
        for item in root.css("li"):
            self._add_columns(item)
        for row in root.css("div[class]"):
            self._add_row(row)

    def _add_terms(self, listed: LexborNode, taken: set[int]) -> None:
        terms: list[tuple[LexborNode, str]] = []
        is_told = False
        for node in _parts(listed):
            if node.tag == "dt":
                terms = [] if is_told else terms
                is_told = False
                label = "" if node.mem_id in taken else label_of(node)
                if label and len(label) <= MAX_TERM_CHARACTERS and node.css_first(_HEADINGS) is None:
                    terms.append((node, label))
            elif node.tag == "dd" and terms:
                is_told = True
                self.leads[node.mem_id] = lead(", ".join(label for _, label in terms)[:MAX_TERM_CHARACTERS])
                self.titles |= {term.mem_id for term, _ in terms}

    def _add_columns(self, item: LexborNode) -> None:
        """A list of two columns: each item has a name and a value, and nothing else."""
        halves = _halves(item)
        if halves is None:
            return
        name, value = halves
        label = label_of(name)
        is_name = label and 1 < len(label) <= MAX_TERM_CHARACTERS and label[0].isalnum() and label[-1] not in ".!?,;"
        if label and is_name and (value.text() or "").strip():
            self.leads[value.mem_id] = lead(label)
            self.titles.add(name.mem_id)

    def _add_row(self, row: LexborNode) -> None:
        """A list of boxes as builders make it: one beside another of the same name, each with a name and a value."""
        halves = _halves(row)
        if halves is None or len(halves[1].text()) > MAX_VALUE_CHARACTERS:
            return
        others = (beside(row, "prev"), beside(row, "next"))
        is_listed = any(other is not None and _is_like(other, row) for other in others)
        if is_listed and any(map(str.isalpha, halves[0].text())):
            self._add_columns(row)


def _is_like(other: LexborNode, row: LexborNode) -> bool:
    return other.attributes.get("class") == row.attributes.get("class") and _halves(other) is not None


def _halves(item: LexborNode) -> tuple[LexborNode, LexborNode] | None:
    children = [
        child for child in islice(item.iter(include_text=True, skip_empty=True), 4) if not child.is_comment_node
    ]
    if len(children) != 2 or not all(map(_is_plain, children)):
        return None
    return children[0], children[1]


def _is_plain(child: LexborNode) -> bool:
    return child.tag in _HALVES and all(node.mem_id == child.mem_id for node in child.css(_BLOCKS))


def is_column(node: LexborNode) -> bool:
    """Whether the element stands right behind another one as columns do: a link, a time, or each with its own name.

    A tooltip stands behind a word and is no part of it.
    """
    if node.attributes.get("role") == "tooltip":
        return True
    before = node.prev
    if before is None or not {node.tag, before.tag} <= _COLUMNS:
        return False
    # A word whose letters are animated has an element for each.
    return "span" not in (node.tag, before.tag) or (len(node.text()) > 1 and _is_named(node) and _is_named(before))


def _is_named(node: LexborNode) -> bool:
    # Links are <span> by then: see `nesting`.
    return node.tag != "span" or not node.attributes.keys().isdisjoint(("class", "href", "role"))


def lead(label: str) -> str:
    return f"{label} " if label.endswith((":", "：", "?", "–", "-")) else f"{label}: "


def _parts(listed: LexborNode) -> Iterator[LexborNode]:
    """The terms and meanings of a list, which may stand in a <div> for each group."""
    for child in listed.iter():
        if child.tag == "div":
            yield from child.iter()
        else:
            yield child
