"""Store: replace the chunks of a document and keep BM25's document frequencies. Runs in the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector, SparseVector

from rag_ask.db import tried_questions
from rag_ask.db.database import Conn
from rag_ask.db.generation import raise_generation
from rag_ask.indexing.chunk import Chunk
from rag_ask.indexing.lexical import Lexical
from rag_ask.text.analyze import dimension
from rag_ask.text.spelling import is_spelled


@dataclass(frozen=True)
class StoredChunk:
    """A chunk with the vectors that it is searched by. embedder: the name of the embedding's space."""

    chunk: Chunk
    lexical: Lexical
    embedder: str
    embedding: NDArray[np.float32]


@dataclass(frozen=True)
class StoredDocument:
    """A document with all its chunks; none for a tombstone. title: the one that the chunks were embedded with."""

    post_id: int
    title: str
    chunks: Sequence[StoredChunk]


def of_document(connection: Conn, site_id: str, post_id: int) -> list[Chunk]:
    """The stored chunks of a document, by position."""
    rows = connection.execute(
        "SELECT position, heading_path, text, kind, page, hash, header FROM chunks "
        "WHERE site_id = %s AND post_id = %s ORDER BY position",
        (site_id, post_id),
    ).fetchall()
    return [Chunk(**row | {"heading_path": tuple(row["heading_path"]), "hash": bytes(row["hash"])}) for row in rows]


def known_embeddings(connection: Conn, site_id: str, post_id: int, embedder: str) -> dict[bytes, NDArray[np.float32]]:
    """The stored embeddings of a document: hash of the embedded text -> vector."""
    rows = connection.execute(
        "SELECT hash, embedding FROM chunks WHERE site_id = %s AND post_id = %s AND embedder = %s",
        (site_id, post_id, embedder),
    ).fetchall()
    return {bytes(row["hash"]): row["embedding"].to_numpy().astype(np.float32) for row in rows}


def replace(connection: Conn, site_id: str, post_id: int, title: str, chunks: Sequence[StoredChunk]) -> None:
    """Replace all chunks of a document; none for a tombstone. The caller holds `locks.hold_site`.

    title: the one that the chunks were embedded with.
    """
    replace_all(connection, site_id, [StoredDocument(post_id, title, chunks)])


def replace_all(connection: Conn, site_id: str, documents: Sequence[StoredDocument]) -> None:
    """The same for several documents of a site."""
    removed: list[SparseVector] = []
    for document in documents:
        removed += _replace(connection, site_id, document)
    tried_questions.delete(connection, site_id, [document.post_id for document in documents])
    added = [stored for document in documents for stored in document.chunks]
    # Once for all: documents of a site share most of their terms.
    _count_terms(connection, site_id, removed, added)
    connection.execute(
        "UPDATE sites SET chunk_count = chunk_count + %s WHERE site_id = %s", (len(added) - len(removed), site_id)
    )
    raise_generation(connection, site_id)


def _replace(connection: Conn, site_id: str, document: StoredDocument) -> list[SparseVector]:
    """Replace the chunks of one document. Returns the lexical vectors of those that it had."""
    post_id, chunks = document.post_id, document.chunks
    old = connection.execute(
        "DELETE FROM chunks WHERE site_id = %s AND post_id = %s RETURNING lexical", (site_id, post_id)
    ).fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO chunks (site_id, post_id, position, title, heading_path, text, kind, page, hash, header, "
            "embedder, embedding, lexical) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    site_id,
                    post_id,
                    stored.chunk.position,
                    document.title,
                    list(stored.chunk.heading_path),
                    stored.chunk.text,
                    stored.chunk.kind,
                    stored.chunk.page,
                    stored.chunk.hash,
                    stored.chunk.header,
                    stored.embedder,
                    HalfVector(stored.embedding),
                    stored.lexical.vector,
                )
                for stored in chunks
            ],
        )
    connection.execute(
        "UPDATE documents SET stored_at = now(), headers_due_at = CASE WHEN %s THEN now() END, header_attempts = 0 "
        "WHERE site_id = %s AND post_id = %s",
        (any(stored.chunk.header is None for stored in chunks), site_id, post_id),
    )
    return [row["lexical"] for row in old]


def _count_terms(connection: Conn, site_id: str, removed: Iterable[SparseVector], added: Sequence[StoredChunk]) -> None:
    change: Counter[int] = Counter()
    names: dict[int, str] = {}
    for stored in added:
        change.update(stored.lexical.vector.indices())
        names |= {dimension(term): term for term in stored.lexical.terms if is_spelled(term)}
    for vector in removed:
        change.subtract(vector.indices())
    changed = sorted((place, count) for place, count in change.items() if count)
    connection.execute(
        "INSERT INTO term_counts AS old (site_id, dimension, chunk_count, term) "
        "SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::text[]) "
        "ON CONFLICT (site_id, dimension) DO UPDATE SET chunk_count = old.chunk_count + excluded.chunk_count, "
        "term = greatest(old.term, excluded.term)",
        (
            site_id,
            [place for place, _ in changed],
            [count for _, count in changed],
            [names.get(place, "") for place, _ in changed],
        ),
    )
