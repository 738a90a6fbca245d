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
from rag_ask.indexing.chunk import VERSION, Chunk
from rag_ask.indexing.lexical import Lexical
from rag_ask.text.analyze import dimension
from rag_ask.text.spelling import is_spelled

INSERT = """
INSERT INTO chunks (site_id, post_id, position, title, heading_path, text, kind, page, hash, header, embedder,
                    embedding, lexical)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


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
    return of_documents(connection, site_id, [post_id])[post_id]


def of_documents(connection: Conn, site_id: str, post_ids: Sequence[int]) -> dict[int, list[Chunk]]:
    """The same for several documents of a site: each of `post_ids` -> its chunks."""
    rows = connection.execute(
        "SELECT post_id, position, heading_path, text, kind, page, hash, header FROM chunks "
        "WHERE site_id = %s AND post_id = ANY(%s) ORDER BY post_id, position",
        (site_id, list(post_ids)),
    ).fetchall()
    found: dict[int, list[Chunk]] = {post_id: [] for post_id in post_ids}
    for row in rows:
        found[row.pop("post_id")].append(
            Chunk(**row | {"heading_path": tuple(row["heading_path"]), "hash": bytes(row["hash"])})
        )
    return found


def known_embeddings(
    connection: Conn, site_id: str, post_ids: Sequence[int], embedder: str
) -> dict[bytes, NDArray[np.float32]]:
    """The stored embeddings of documents of a site: hash of the embedded text -> vector."""
    rows = connection.execute(
        "SELECT hash, embedding FROM chunks WHERE site_id = %s AND post_id = ANY(%s) AND embedder = %s",
        (site_id, list(post_ids), embedder),
    ).fetchall()
    return {bytes(row["hash"]): row["embedding"].to_numpy().astype(np.float32) for row in rows}


def replace(
    connection: Conn, site_id: str, post_id: int, title: str, chunks: Sequence[StoredChunk], version: int = VERSION
) -> None:
    """Replace all chunks of a document; none for a tombstone. The caller holds `locks.hold_site`.

    title: the one that the chunks were embedded with. version: of the rules that they were cut by.
    """
    replace_all(connection, site_id, [StoredDocument(post_id, title, chunks)], version)


def replace_all(connection: Conn, site_id: str, documents: Sequence[StoredDocument], version: int = VERSION) -> None:
    """The same for several documents of a site, in as many statements as for one."""
    post_ids = [document.post_id for document in documents]
    removed = connection.execute(
        "DELETE FROM chunks WHERE site_id = %s AND post_id = ANY(%s) RETURNING lexical",
        (site_id, post_ids),
        binary=True,
    ).fetchall()
    with connection.cursor() as cursor:
        cursor.executemany(
            INSERT, [_row(site_id, document, stored) for document in documents for stored in document.chunks]
        )
    without_header = [one.post_id for one in documents if any(stored.chunk.header is None for stored in one.chunks)]
    connection.execute(
        "UPDATE documents SET stored_at = now(), headers_due_at = CASE WHEN post_id = ANY(%s) THEN now() END, "
        "header_attempts = 0, chunk_version = %s WHERE site_id = %s AND post_id = ANY(%s)",
        (without_header, version, site_id, post_ids),
    )
    tried_questions.delete(connection, site_id, post_ids)
    added = [stored.lexical for document in documents for stored in document.chunks]
    _count_terms(connection, site_id, [row["lexical"] for row in removed], added)
    connection.execute(
        "UPDATE sites SET chunk_count = chunk_count + %s WHERE site_id = %s", (len(added) - len(removed), site_id)
    )
    raise_generation(connection, site_id)


def _row(site_id: str, document: StoredDocument, stored: StoredChunk) -> tuple[object, ...]:
    chunk = stored.chunk
    return (
        site_id,
        document.post_id,
        chunk.position,
        document.title,
        list(chunk.heading_path),
        chunk.text,
        chunk.kind,
        chunk.page,
        chunk.hash,
        chunk.header,
        stored.embedder,
        HalfVector(stored.embedding),
        stored.lexical.vector,
    )


def _count_terms(connection: Conn, site_id: str, removed: Iterable[SparseVector], added: Sequence[Lexical]) -> None:
    change: Counter[int] = Counter()
    for lexical in added:
        change.update(lexical.vector.indices())
    for vector in removed:
        change.subtract(vector.indices())
    # Documents of a site share most of their terms.
    terms = frozenset[str]().union(*(lexical.terms for lexical in added))
    names = {dimension(term): term for term in terms if is_spelled(term)}
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
