"""Analyze: a chunk -> its BM25 vector and the terms behind it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from pgvector import SparseVector

from rag_ask.indexing.chunk import Chunk
from rag_ask.text import bm25
from rag_ask.text.analyze import terms


@dataclass(frozen=True)
class Lexical:
    """vector: term hashed to a dimension -> saturated term frequency. terms: what was hashed."""

    vector: SparseVector
    terms: frozenset[str]


def analyze(part: Chunk, title: str, language: str) -> Lexical:
    """The lexical side of a chunk under this title. language: a BCP 47 tag or ''."""
    found = terms(part.embedding_text(title), language)
    return Lexical(bm25.document_vector(found), frozenset(found))
