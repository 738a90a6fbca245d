"""A passage: what retrieval found, and the source that it becomes in a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

# Kinds of text: on the visible page; excerpts and custom fields, which can be quoted but not linked to; terms and the
# author, which are searched and never quoted; an answer that the owner wrote, found by its question alone.
PAGE, FIELD, LABEL, NOTE = "page", "field", "label", "note"
# The type of the documents that are notes: the plugin's own post type.
NOTE_TYPE = "rag_ask_note"
# How an item of a list begins, unless it has a number.
BULLET = "•"
FILES = (".pdf", ".docx", ".xlsx")


@dataclass(frozen=True)
class Passage:
    """A retrieved chunk (or several neighbouring ones joined), best first.

    score: fused relevance in [0, 1]. heading_path: outermost heading first. position: of its first chunk on the page.
    language: a BCP 47 tag. modified_at: when the page was changed, else published.
    """

    post_id: int
    title: str
    url: str
    heading_path: tuple[str, ...]
    text: str
    score: float
    modified_at: datetime | None = None
    kind: str = PAGE
    position: int = 0
    language: str = ""

    @property
    def is_file(self) -> bool:
        """Whether its url is a PDF or office file and no web page."""
        return urlsplit(self.url).path.lower().endswith(FILES)

    @property
    def heading(self) -> str:
        """The headings in one line, as people read them."""
        return " > ".join(self.heading_path)


@dataclass(frozen=True)
class Source:
    """A passage as the model and the visitor see it: numbered from 1."""

    number: int
    passage: Passage


PREFIX_CHARACTERS = 160


def embedding_text(
    title: str, heading_path: Sequence[str], text: str, header: str | None = None, kind: str = PAGE
) -> str:
    """Return what is embedded and searched: the text below its title and headings, these shortened, and its header.

    Of a note it is the question, which is its heading.
    """
    if kind == NOTE:
        return heading_path[0]
    prefix = " > ".join(filter(None, (title, *heading_path)))
    if len(prefix) > PREFIX_CHARACTERS:
        half = PREFIX_CHARACTERS // 2 - 1
        prefix = f"{prefix[:half].rstrip()} … {prefix[-half:].lstrip()}"
    return "\n".join([*filter(None, (prefix, header)), text])
