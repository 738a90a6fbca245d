"""Chunk: blocks -> packs of whole sentences, small enough to be embedded. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag_ask.indexing.clean import Block
from rag_ask.indexing.packs import LONGEST_TOKENS, Part, packed
from rag_ask.passage import PAGE, embedding_text
from rag_ask.text.sentences import sentences

# Of the rules by which documents are cut and analyzed. One that others were used for is read anew when it is pushed.
VERSION = 2
LIMIT_TOKENS = 250
# However long the title, the text gets at least this much of the limit.
MIN_TEXT_TOKENS = 100
# A sentence that no pack can hold is cut into parts of about this size: most are Thai, which has no full stop.
PART_TOKENS = 30

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True)
class Chunk:
    """A pack of sentences under one heading. hash: SHA-256 of its embedding text.

    header: the contextual header that a model wrote, '' when none is needed; None before a model was asked.
    kind: PAGE, FIELD, LABEL or NOTE. page: of a post that is divided into pages, from 1.
    """

    position: int
    heading_path: tuple[str, ...]
    text: str
    hash: bytes
    header: str | None = None
    kind: str = PAGE
    page: int = 1

    def embedding_text(self, title: str) -> str:
        """The text that is embedded and analyzed."""
        return embedding_text(title, self.heading_path, self.text, self.header, self.kind)


def with_header(part: Chunk, title: str, header: str | None) -> Chunk:
    """Return the chunk with this header and the hash that goes with it."""
    text = embedding_text(title, part.heading_path, part.text, header, part.kind)
    return replace(part, header=header, hash=digest(text))


def chunk(title: str, blocks: Sequence[Block], count_tokens: CountTokens, before: Collection[str] = ()) -> list[Chunk]:
    """Pack whole sentences to about TARGET_TOKENS, never across a heading, kind or page, rather at the end of a
    paragraph than amid one.

    With title and headings a pack is hardly ever above LIMIT_TOKENS. A sentence is cut only when it alone exceeds
    LONGEST_TOKENS: at white space, or between characters where there is none. before: texts of the document's stored
    chunks. Those that are unchanged rather keep their boundaries, so that an edit changes few others.
    """
    sections = [
        (key, list(group))
        for key, group in groupby(blocks, key=lambda block: (block.heading_path, block.kind, block.page))
    ]
    prefixes = count_tokens([embedding_text(title, path, "") for (path, _, _), _ in sections])
    limits = [max(LIMIT_TOKENS - prefix, MIN_TEXT_TOKENS) for prefix in prefixes]
    texts = [
        (section, sentence)
        for section, (_, group) in enumerate(sections)
        for block in group
        for line in block.text.split("\n")
        for sentence in sentences(line + "\n")
        if sentence.strip()
    ]
    counted = zip(texts, _sizes([text for _, text in texts], count_tokens), strict=True)
    by_section = groupby(counted, key=lambda item: item[0][0])
    known = frozenset(before)
    chunks: list[Chunk] = []
    for section, items in by_section:
        (path, kind, page), longest = sections[section][0], min(LONGEST_TOKENS, limits[section])
        whole = [Part(text, tokens) for (_, text), tokens in items]
        parts = [part for sentence in whole for part in _fitting(sentence, longest, count_tokens)]
        for text in packed(parts, longest, known):
            hashed = digest(embedding_text(title, path, text))
            chunks.append(Chunk(len(chunks), path, text, hashed, kind=kind, page=page))
    return chunks


def digest(text: str) -> bytes:
    """The hash of an embedding text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _sizes(texts: Sequence[str], count_tokens: CountTokens) -> list[int]:
    """Return each text's size in tokens; at least 1, so packs end."""
    return [max(tokens, 1) for tokens in count_tokens(texts)]


def _fitting(sentence: Part, longest: int, count_tokens: CountTokens) -> Iterator[Part]:
    """Yield the sentence, or parts of it when no pack can hold it."""
    if sentence.tokens <= longest:
        yield sentence
        return
    part: list[str] = []
    tokens = 0
    for word in _short_words(sentence.text, longest, count_tokens):
        if part and tokens + word.tokens > PART_TOKENS:
            yield Part("".join(part), tokens)
            part, tokens = [], 0
        part.append(word.text)
        tokens += word.tokens
    yield Part("".join(part), tokens)


def _short_words(text: str, limit: int, count_tokens: CountTokens) -> list[Part]:
    """Return the words with the space after each, those above the limit halved until they fit."""
    words = [word + " " for word in text.split()]
    words[-1] = words[-1][:-1] + text[len(text.rstrip()) :]
    while True:
        sizes = _sizes(words, count_tokens)
        if all(size <= limit or len(word) < 2 for word, size in zip(words, sizes, strict=True)):
            return [Part(word, size) for word, size in zip(words, sizes, strict=True)]
        words = [half for word, size in zip(words, sizes, strict=True) for half in _halves(word, size > limit)]


def _halves(word: str, is_long: bool) -> tuple[str, ...]:
    middle = len(word) // 2
    return (word[:middle], word[middle:]) if is_long and middle else (word,)
