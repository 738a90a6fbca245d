"""Chunk: blocks -> packs of whole sentences, small enough to be embedded. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag_ask.indexing.clean import Block
from rag_ask.passage import PAGE, embedding_text
from rag_ask.text.sentences import sentences

TARGET_TOKENS = 150
LIMIT_TOKENS = 250
# However long the title, the text gets at least this much of the limit.
MIN_TEXT_TOKENS = 100
# A chunk of this size keeps its boundaries when a neighbour is edited; a smaller one may still grow.
FULL_TOKENS = TARGET_TOKENS * 3 // 4

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


@dataclass(frozen=True)
class _Sentence:
    text: str
    tokens: int


def with_header(part: Chunk, title: str, header: str | None) -> Chunk:
    """Return the chunk with this header and the hash that goes with it."""
    text = embedding_text(title, part.heading_path, part.text, header, part.kind)
    return replace(part, header=header, hash=digest(text))


def chunk(title: str, blocks: Sequence[Block], count_tokens: CountTokens, before: Collection[str] = ()) -> list[Chunk]:
    """Pack whole sentences to about TARGET_TOKENS, never across a heading, kind or page.

    A pack is hardly ever above LIMIT_TOKENS.

    The limit includes title and headings. A sentence is cut only when it alone exceeds the limit: at white space,
    or between characters where there is none. before: texts of the document's stored chunks. Those that are unchanged
    keep their boundaries, so that an edit changes only the chunks around it.
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
    chunks: list[Chunk] = []
    for section, items in by_section:
        (path, kind, page), limit = sections[section][0], limits[section]
        whole = [_Sentence(text, tokens) for (_, text), tokens in items]
        parts = [part for sentence in whole for part in _fitting(sentence, limit, count_tokens)]
        for text in _packed(parts, limit, frozenset(before)):
            hashed = digest(embedding_text(title, path, text))
            chunks.append(Chunk(len(chunks), path, text, hashed, kind=kind, page=page))
    return chunks


def digest(text: str) -> bytes:
    """The hash of an embedding text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _sizes(texts: Sequence[str], count_tokens: CountTokens) -> list[int]:
    """Return each text's size in tokens; at least 1, so packs end."""
    return [max(tokens, 1) for tokens in count_tokens(texts)]


def _fitting(sentence: _Sentence, limit: int, count_tokens: CountTokens) -> Iterator[_Sentence]:
    """Yield the sentence, or parts of it that fit the limit."""
    if sentence.tokens <= limit:
        yield sentence
        return
    words = _short_words(sentence.text, limit, count_tokens)
    part: list[str] = []
    tokens = 0
    for word in words:
        if part and tokens + word.tokens > limit:
            yield _Sentence("".join(part), tokens)
            part, tokens = [], 0
        part.append(word.text)
        tokens += word.tokens
    yield _Sentence("".join(part), tokens)


def _short_words(text: str, limit: int, count_tokens: CountTokens) -> list[_Sentence]:
    """Return the words with the space after each, those above the limit halved until they fit."""
    words = [word + " " for word in text.split()]
    words[-1] = words[-1][:-1] + text[len(text.rstrip()) :]
    while True:
        sizes = _sizes(words, count_tokens)
        if all(size <= limit or len(word) < 2 for word, size in zip(words, sizes, strict=True)):
            return [_Sentence(word, size) for word, size in zip(words, sizes, strict=True)]
        words = [half for word, size in zip(words, sizes, strict=True) for half in _halves(word, size > limit)]


def _halves(word: str, is_long: bool) -> tuple[str, ...]:
    middle = len(word) // 2
    return (word[:middle], word[middle:]) if is_long and middle else (word,)


def _packed(parts: Sequence[_Sentence], limit: int, before: frozenset[str]) -> Iterator[str]:
    """Yield packs of about TARGET_TOKENS; a short last pack is merged into the one before it when the limit allows."""
    unchanged = _unchanged(parts, limit, before) if before else {}
    packs: list[list[_Sentence]] = []
    may_grow = False
    start = 0
    while start < len(parts):
        end = unchanged.get(start, start + 1)
        if start in unchanged:
            _merge_last(packs, limit, before)
            packs.append(list(parts[start:end]))
            may_grow = False
        elif may_grow and _total(packs[-1]) + parts[start].tokens <= min(TARGET_TOKENS, limit):
            packs[-1].append(parts[start])
        else:
            packs.append([parts[start]])
            may_grow = True
        start = end
    _merge_last(packs, limit, frozenset())
    return map(_text, packs)


def _unchanged(parts: Sequence[_Sentence], limit: int, before: frozenset[str]) -> dict[int, int]:
    """Find the full chunks of `before` that are unchanged: index of the first part -> index after the last."""
    ends = {}
    for start in range(len(parts)):
        text, tokens = "", 0
        for end in range(start, len(parts)):
            text += parts[end].text
            tokens += parts[end].tokens
            if tokens > limit:
                break
            if tokens >= FULL_TOKENS and text.strip() in before:
                ends[start] = end + 1
    return ends


def _merge_last(packs: list[list[_Sentence]], limit: int, before: frozenset[str]) -> None:
    """Merge a short last pack into the one before it, unless it was a chunk before."""
    if len(packs) < 2 or _total(packs[-1]) >= TARGET_TOKENS // 4 or _text(packs[-1]) in before:
        return
    if _total(packs[-2]) + _total(packs[-1]) <= limit:
        rest = packs.pop()
        packs[-1].extend(rest)


def _text(pack: Sequence[_Sentence]) -> str:
    return "".join(part.text for part in pack).strip()


def _total(pack: Sequence[_Sentence]) -> int:
    return sum(part.tokens for part in pack)
