"""Folds: tabs, toggles and accordions -> which panels are content, and the heading of each. Pure.

A panel is told by what opens it: a control with its id (aria-controls, data-bs-target and alike), a title right before
it, or a list of tabs with as many items as there are panels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from rag_ask.indexing.markup.hidden import beside, is_closed, is_left_out, name_of
from rag_ask.text.invisible import one_line

MAX_LABEL_CHARACTERS = 300
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_TARGETS = ("aria-controls", "data-bs-target", "data-target", "data-tab", "href")
_CONTROLS = ", ".join(f"[{name}]" for name in _TARGETS[:-1]) + ", [href^='#']"
_FOLD = r"(?:accordion|toggle|collaps|expand|spoiler|faq|tab(?!l)|schema-faq)"
_FOLD_NAME = re.compile(_FOLD)
_TITLE = re.compile(rf"{_FOLD}\S*(?:title|head|question|label|button|btn|trigger|summary|toggle)|question")
_PANEL = re.compile(rf"{_FOLD}\S*(?:content|body|panel|pane|answer|inner|text|item)|panel|answer|content|collapse")
_TAB_LIST = re.compile(r"(?:^|[\s_-])tabs?[-_]*(?:controls|titles?|nav|list|menu|links|head)")
# What opens a window, a menu or a box instead of a part of the text.
_NO_FOLD = re.compile(
    r"modal|popup|pop-up|dialog|cookie|consent|menu|(?:^|[\s_-])nav|lightbox|overlay|off-?canvas|drawer|tooltip|dropdown|search|"
    r"login|cart"
)
_NO_FOLD_TOGGLES = frozenset(["modal", "dropdown", "offcanvas", "tooltip", "popover"])
# Says that there is more, not what it is.
_MORE = re.compile(
    r"(?:(?:read|show|see|view|learn) )?(?:more|all|less)\b.*|(?:mehr|weiter).*|weiterlesen|(?:lire|voir|en savoir) .*|"
    r"(?:leer|ver) más.*|mostra.*|(?:leggi|scopri) .*|lees meer.*|\W*",
    re.IGNORECASE,
)
# A control stands at most this deep in its title or list.
_NEAR = 4


class Folds:
    """labels: the heading of each panel ('' where it has none). titles: what is read as such a heading elsewhere."""

    def __init__(self, root: LexborNode) -> None:
        self.labels: dict[int, str] = {}
        self.titles: set[int] = set()
        self._known: dict[int, str | None] = {}
        self._ids = {node.attributes["id"] or "": node for node in root.css("[id]")}
        for details in root.css("details"):
            self._add_first(details)
        for term in root.css("dt"):
            self._add_question(term)
        for control in root.css(_CONTROLS):
            self._add_control(control)
        for node in root.css("[class], [onclick], button, [role=button], label, h2, h3, h4, h5, h6"):
            if _TAB_LIST.search(name_of(node)) or node.attributes.get("role") == "tablist":
                self._add_tabs(node)
            elif node.mem_id not in self.titles:
                self._add_title(node)

    def is_panel(self, node: LexborNode) -> bool:
        """Whether the element is folded content, however it is hidden."""
        if node.mem_id in self.labels:
            return True
        name = name_of(node)
        if _NO_FOLD.search(name) or node.attributes.get("aria-modal"):
            return False
        role = node.attributes.get("role")
        is_region = "aria-labelledby" in node.attributes and node.tag not in ("ul", "ol", "menu")
        return role == "tabpanel" or is_region or (bool(_FOLD_NAME.search(name)) and bool(_PANEL.search(name)))

    def _add_first(self, details: LexborNode) -> None:
        summary = next((child for child in details.iter() if child.tag == "summary"), None)
        if summary is not None:
            self._pair(summary, details)

    def _add_question(self, term: LexborNode) -> None:
        """A question and its answer, written as a list of definitions."""
        panel = beside(term, "next")
        if panel is not None and panel.tag == "dd" and (label_of(term) or "").endswith(("?", "？", "؟")):
            self._pair(term, panel)

    def _add_control(self, control: LexborNode) -> None:
        if _opens_window(control) or control.tag in ("summary", "form"):
            return
        panels = [panel for panel in self._panels_of(control) if _is_apart(control, panel)]
        title = _title_of(control)
        for panel in panels:
            self._pair(title, panel)

    def _panels_of(self, control: LexborNode) -> Iterator[LexborNode]:
        for name in _TARGETS:
            for target in (control.attributes.get(name) or "").split()[:_NEAR]:
                panel = self._ids.get(target.removeprefix("#"))
                # A link to a place in the page is the rule, not a fold.
                is_jump = name == "href" and not (_is_tab(control) or (panel is not None and is_closed(panel)))
                if panel is not None and not is_jump and self._may_fold(panel):
                    yield panel

    def _may_fold(self, panel: LexborNode) -> bool:
        is_list = panel.tag in ("ul", "ol", "nav", "menu", "details", "form", "input", "body", "html")
        return not (is_list or is_left_out(panel) or _NO_FOLD.search(name_of(panel)))

    def _add_tabs(self, tabs: LexborNode) -> None:
        """Pair the items of a list of tabs with the panels beside it by their order."""
        items = [item for item in tabs.iter() if item.tag != "script"]
        holder = beside(tabs, "next")
        panels = [panel for panel in holder.iter() if "tab" in name_of(panel)] if holder is not None else []
        if len(items) == len(panels) > 1 and not any(panel.mem_id in self.labels for panel in panels):
            for item, panel in zip(items, panels, strict=True):
                self._pair(item, panel)

    def _add_title(self, title: LexborNode) -> None:
        """Pair a title with the element after it, when their names or the hidden state say that they are a fold."""
        panel = beside(title, "next")
        if panel is None or panel.mem_id in self.labels or panel.tag in _HEADINGS or not self._may_fold(panel):
            return
        name = name_of(title)
        is_button = title.tag == "button" or title.attributes.get("role") == "button" or "onclick" in title.attributes
        # A label opens a fold that needs no script.
        is_title = title.tag == "label" or _TITLE.search(name) or (is_button and _FOLD_NAME.search(name))
        is_named = bool(is_title) and not _TITLE.search(name_of(panel)) and bool(_PANEL.search(name_of(panel)))
        is_folded = is_closed(panel) and (bool(is_title) or is_button or _is_heading(title))
        if (is_named or is_folded) and not _NO_FOLD.search(name) and not _opens_window(title) and _text_of(panel) != "":
            self._pair(title, panel)

    def _pair(self, title: LexborNode, panel: LexborNode) -> None:
        if title.mem_id not in self._known:
            self._known[title.mem_id] = label_of(title)
        label = self._known[title.mem_id]
        if label is None:
            return
        self.titles.add(title.mem_id)
        self.labels.setdefault(panel.mem_id, label)


def label_of(title: LexborNode) -> str | None:
    """What a title says, '' when it says only that there is more; None when it is too long for a title."""
    label = _text_of(title)
    return "" if label and _MORE.fullmatch(label) else label


def _text_of(element: LexborNode) -> str | None:
    """The text that is read in an element, None when it is long."""
    parts: list[str] = []
    size = 0
    for node in element.traverse(include_text=True):
        if node.is_text_node and _is_read(node, element):
            parts.append(node.text_content or "")
            size += len(parts[-1].strip())
            if size > MAX_LABEL_CHARACTERS:
                return None
    return one_line(" ".join(parts))


def _is_read(text: LexborNode, element: LexborNode) -> bool:
    node = text.parent
    while node is not None and node.mem_id != element.mem_id:
        if is_left_out(node) or is_closed(node):
            return False
        node = node.parent
    return True


def _is_heading(title: LexborNode) -> bool:
    """Whether the element is a heading, or a box around nothing but one."""
    if title.tag in _HEADINGS:
        return True
    heading = title.css_first("h2, h3, h4, h5, h6")
    return heading is not None and heading.text(strip=True) == title.text(strip=True)


def _title_of(control: LexborNode) -> LexborNode:
    """The heading that the control stands in, or else the control."""
    node: LexborNode | None = control
    for _ in range(_NEAR):
        node = node.parent if node is not None else None
        if node is not None and node.tag in _HEADINGS:
            return node
    return control


def _opens_window(control: LexborNode) -> bool:
    attributes = control.attributes
    kind = attributes.get("data-bs-toggle") or attributes.get("data-toggle")
    return kind in _NO_FOLD_TOGGLES or bool(attributes.get("aria-haspopup"))


def _is_tab(control: LexborNode) -> bool:
    attributes = control.attributes
    if attributes.get("role") == "tab" or attributes.get("data-toggle") or attributes.get("data-bs-toggle"):
        return True
    node: LexborNode | None = control
    for _ in range(_NEAR):
        node = node.parent if node is not None else None
        if node is not None and (_TAB_LIST.search(name_of(node)) or node.attributes.get("role") == "tablist"):
            return True
    return False


def _is_apart(one: LexborNode, other: LexborNode) -> bool:
    return not (_holds(one, other) or _holds(other, one))


def _holds(outer: LexborNode, node: LexborNode) -> bool:
    inside: LexborNode | None = node
    while inside is not None:
        if inside.mem_id == outer.mem_id:
            return True
        inside = inside.parent
    return False
