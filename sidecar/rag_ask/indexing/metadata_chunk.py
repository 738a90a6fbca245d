"""Metadata blocks (excerpt, custom fields, terms, author): searchable, not part of the visible page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag_ask.indexing.clean import Block
from rag_ask.passage import FIELD, LABEL
from rag_ask.text.invisible import one_line
from rag_ask.text.normalize import normalize
from rag_ask.text.sentences import sentences


def metadata_blocks(
    content: Sequence[Block],
    excerpt: str,
    author: str,
    terms: Sequence[Mapping[str, str]],
    fields: Sequence[Mapping[str, str]],
) -> list[Block]:
    """The excerpt and `name: value` fields as a FIELD block, `category: A, B` and the author as a LABEL block.

    terms: {taxonomy, name}. fields: {name, value}. Drops an excerpt that the content repeats. Terms and an author alone
    make no blocks.
    """
    visible = _line(" ".join(block.text for block in content))
    summary = _line(excerpt)
    texts = [summary] if summary and summary not in visible else []
    texts += [f"{_line(field['name'])}: {value}" for field in fields if (value := _line(field["value"]))]
    if not texts and not content:
        return []
    field_lines = [sentence.strip() for text in texts for sentence in sentences(text)]
    by_taxonomy: dict[str, list[str]] = {}
    for term in terms:
        by_taxonomy.setdefault(_line(term["taxonomy"]), []).append(_line(term["name"]))
    label_lines = [f"{taxonomy}: {', '.join(names)}" for taxonomy, names in by_taxonomy.items()]
    label_lines += [f"author: {name}"] if (name := _line(author)) else []
    return [Block((), "\n".join(lines), kind) for kind, lines in ((FIELD, field_lines), (LABEL, label_lines)) if lines]


def _line(text: str) -> str:
    return normalize("NFC", one_line(text))
