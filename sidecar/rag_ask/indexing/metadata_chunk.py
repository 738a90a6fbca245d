"""About: what a post says beside its text -> one block of lines. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rag_ask.indexing.clean import Block
from rag_ask.text.aside import BESIDE, LABEL
from rag_ask.text.invisible import one_line
from rag_ask.text.sentences import sentences


def about(
    content: Sequence[Block],
    excerpt: str,
    author: str,
    terms: Sequence[Mapping[str, str]],
    fields: Sequence[Mapping[str, str]],
) -> list[Block]:
    """Return the excerpt, `name: value` fields, `category: A, B` terms and the author as one block, or none.

    Each line begins with the sign of `aside` that tells it from the page's text. Leaves out an excerpt that the content
    says already. Terms and an author alone do not make a text.
    """
    said = _line(" ".join(block.text for block in content))
    summary = _line(excerpt)
    texts = [summary] if summary and summary not in said else []
    texts += [f"{_line(field['name'])}: {value}" for field in fields if (value := _line(field["value"]))]
    if not texts and not content:
        return []
    by_taxonomy: dict[str, list[str]] = {}
    for term in terms:
        by_taxonomy.setdefault(_line(term["taxonomy"]), []).append(_line(term["name"]))
    labels = [f"{taxonomy}: {', '.join(names)}" for taxonomy, names in by_taxonomy.items()]
    labels += [f"author: {name}"] if (name := _line(author)) else []
    # A line for each sentence: where a chunk ends within a text, the next one begins with its sign too.
    lines = [BESIDE + sentence.strip() for text in texts for sentence in sentences(text)]
    lines += [LABEL + label for label in labels]
    return [Block((), "\n".join(lines))] if lines else []


def _line(text: str) -> str:
    return unicodedata.normalize("NFC", one_line(text))
