"""Note: an answer of the owner -> a chunk for each wording of its question. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag_ask.indexing.chunk import Chunk, digest
from rag_ask.indexing.clean import Block
from rag_ask.passage import NOTE
from rag_ask.text.invisible import one_line

MAX_CHARACTERS = 2000
MAX_WORDINGS = 20


def note_chunks(question: str, content: Sequence[Block], fields: Sequence[Mapping[str, str]]) -> list[Chunk]:
    """Chunks that hold the whole answer, up to MAX_CHARACTERS. fields: each value is another wording.

    A note without an answer or a question has none.
    """
    text = "\n".join(block.text for block in content)[:MAX_CHARACTERS].strip()
    wordings = dict.fromkeys(filter(None, map(one_line, (question, *(field["value"] for field in fields)))))
    if not text:
        return []
    return [
        # No model writes a header for it.
        Chunk(position, (wording,), text, digest(wording), header="", kind=NOTE)
        for position, wording in enumerate(list(wordings)[:MAX_WORDINGS])
    ]
