"""Notes: a question -> the answer that the owner of the site wrote for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector

from rag_ask.db.database import Conn
from rag_ask.messages import Filter
from rag_ask.passage import NOTE, Passage
from rag_ask.providers.embed.script import reads
from rag_ask.retrieval import filters
from rag_ask.retrieval.same_question import is_same, min_cosine
from rag_ask.tenant import Visitor
from rag_ask.text.normalize import normalised

# So many of the nearest wordings are compared by their words.
COMPARED = 10

NEAREST = """
SELECT chunks.post_id, chunks.heading_path[1] AS wording, chunks.text, documents.title, documents.url,
       documents.modified_at, documents.language, 1 - (chunks.embedding <=> %(embedding)s) AS cosine
FROM chunks JOIN documents USING (site_id, post_id)
WHERE documents.site_id = %(site_id)s AND documents.type = 'rag_ask_note' AND chunks.kind = 'note'
  AND chunks.embedder = %(embedder)s AND {readable}
ORDER BY cosine DESC, chunks.post_id DESC LIMIT %(compared)s
"""


def find(
    connection: Conn, visitor: Visitor, asked: str, embedder: str, embedding: NDArray[np.float32], wanted: Filter
) -> Passage | None:
    """The note whose question is the one asked, the nearest one first; of the same question, the newest note.

    A question in the very words of a note is the same with any embedder.
    """
    values = {
        "site_id": visitor.site.site_id,
        "embedding": HalfVector(embedding),
        "embedder": embedder,
        "groups": list(visitor.groups),
        "compared": COMPARED,
    } | filters.values(wanted)
    is_read, lowest = reads(embedder, asked, visitor.language), min_cosine(embedder)
    for row in connection.execute(NEAREST.format(readable=filters.readable(wanted)), values, prepare=True):
        is_near = is_read and row["cosine"] >= lowest
        if normalised(asked) == normalised(row["wording"]) or (
            is_near and is_same(asked, row["wording"], row["language"])
        ):
            return Passage(
                row["post_id"], row["title"], row["url"], (), row["text"], 1.0, row["modified_at"], NOTE,
                language=row["language"],
            )  # fmt: skip
    return None
