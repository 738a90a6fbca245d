"""Pairs: a term and its meaning, a name and its value -> one line, `Saturday: 9 to 12`. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from rag_ask.indexing.markup.folds import label_of

# A term that several meanings repeat.
MAX_TERM_CHARACTERS = 80
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_HALVES = frozenset(["span", "x-strong", "div", "p", "time", "em", "small", "bdi"])
_COLUMNS = frozenset(["a", "cite", "span", "time"])
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
        children = [child for child in item.iter(include_text=True, skip_empty=True) if not child.is_comment_node]
        if len(children) != 2 or not all(map(_is_plain, children)):
            return
        name, value = children
        label = label_of(name)
        is_name = label and 1 < len(label) <= MAX_TERM_CHARACTERS and label[0].isalnum() and label[-1] not in ".!?,;"
        if label and is_name and (value.text() or "").strip():
            self.leads[value.mem_id] = lead(label)
            self.titles.add(name.mem_id)


def _is_plain(child: LexborNode) -> bool:
    return child.tag in _HALVES and all(node.mem_id == child.mem_id for node in child.css(_BLOCKS))


def is_column(node: LexborNode) -> bool:
    """Whether the element stands right behind another one as columns do: a link, a time, or each with its own name."""
    before = node.prev
    tags = {node.tag, "" if before is None else before.tag}
    if before is None or not tags <= _COLUMNS:
        return False
    if tags != {"span"}:
        return True
    # A word whose letters are animated has an element for each.
    return "class" in node.attributes and "class" in before.attributes and len(node.text()) > 1


def lead(label: str) -> str:
    return f"{label} " if label.endswith((":", "：", "?", "–", "-")) else f"{label}: "


def _parts(listed: LexborNode) -> Iterator[LexborNode]:
    """The terms and meanings of a list, which may stand in a <div> for each group."""
    for child in listed.iter():
        if child.tag == "div":
            yield from child.iter()
        else:
            yield child
