"""Read: a document -> its chunks, analyzed: clean -> chunk -> analyze. Pure. Runs in the process of `sandbox`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag_ask.indexing.chunk import VERSION, Chunk, chunk, with_header
from rag_ask.indexing.clean import clean
from rag_ask.indexing.files.extract import extract, page_urls
from rag_ask.indexing.lexical import Lexical, analyze
from rag_ask.indexing.metadata_chunk import metadata_blocks
from rag_ask.indexing.note_chunks import note_chunks
from rag_ask.indexing.queue import Claimed
from rag_ask.passage import NOTE_TYPE
from rag_ask.text import bm25
from rag_ask.text.tokens import count_tokens


@dataclass(frozen=True)
class Read:
    """The chunks of a document in order, and the lexical side of each. page_urls: of a file with pages."""

    chunks: list[Chunk]
    lexical: list[Lexical]
    page_urls: list[str] = field(default_factory=list)


def read_file(document: Claimed, before: Sequence[Chunk], body: bytes, max_pages: int) -> Read:
    """The same of a file. Raises FileUnreadable."""
    found = extract(document.file, body, max_pages)
    urls = page_urls(document.url, found.pages)
    return replace(read(replace(document, html=found.html), before), page_urls=urls)


def read(document: Claimed, before: Sequence[Chunk]) -> Read:
    """The chunks of the page, then those of its metadata.

    before: the chunks that the document has; an unchanged one keeps its header, and its boundaries unless they are of
    other rules.
    """
    texts = frozenset(part.text for part in before if document.chunk_version == VERSION)
    headers = {(part.heading_path, part.text): part.header for part in before}
    content = clean(document.html)
    if document.type == NOTE_TYPE:
        # Words would find it for other questions too.
        notes = note_chunks(document.title, content, document.fields)
        return Read(notes, [Lexical(bm25.document_vector([]), frozenset()) for _ in notes])
    metadata = metadata_blocks(content, document.excerpt, document.author, document.terms, document.fields)
    chunks = chunk(document.title, [*content, *metadata], count_tokens, texts)
    chunks = [with_header(part, document.title, headers.get((part.heading_path, part.text))) for part in chunks]
    return Read(chunks, [analyze(part, document.title, document.language) for part in chunks])
