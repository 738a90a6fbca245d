"""A made-up site of any size: vectors in clusters, words as often as Zipf's law says, and questions about it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import Connection

from rag_ask.text import bm25
from rag_ask.text.analyze import dimension, terms

VOCABULARY = 50_000
WORDS_A_CHUNK = 90
CHUNKS_A_POST = 10
DIMENSIONS = 384
SPREAD = 0.9
# Words as frequent as these are stop words in a language: nobody's question is about them.
STOP_WORDS = 100
WORDS_A_QUESTION = 6
# One question of so many has a word that the site never uses.
MISSPELLED = 5
# Type -> the share of the posts that have it. `members` may not be read by everybody.
TYPES = {"post": 0.7, "page": 0.2, "product": 0.09, "rare": 0.01}
MEMBERS = 0.3
MADE_AT_ONCE = 1000
HTML = "<p>What the post says.</p>" * 100
MODIFIED_AT = datetime(2026, 1, 1, tzinfo=UTC)

# Column -> its type.
DOCUMENT = {"site_id": "text", "post_id": "int8", "version": "int8", "state": "text", "type": "text", "title": "text"}
DOCUMENT |= {"url": "text", "html": "text", "language": "text", "groups": "text[]", "modified_at": "timestamptz"}
DOCUMENT |= {"incarnation": "uuid"}
CHUNK = {"site_id": "text", "post_id": "int8", "position": "int4", "title": "text", "heading_path": "text[]"}
CHUNK |= {"text": "text", "hash": "bytea", "embedder": "text", "embedding": "halfvec", "lexical": "sparsevec"}
TERM_COUNT = {"site_id": "text", "dimension": "int4", "chunk_count": "int8", "term": "text"}


@dataclass(frozen=True)
class Asked:
    """A question's words, and its vector near one of the site's."""

    text: str
    vector: NDArray[np.float32]


class ZipfSite:
    """Makes the rows of a site. The same seed makes the same site."""

    def __init__(self, size: int, seed: int = 7) -> None:
        self.size = size
        self._chance = np.random.default_rng(seed)
        self._words = _vocabulary(seed)
        frequency = 1 / np.arange(1, VOCABULARY + 1)
        self._share = np.cumsum(frequency / frequency.sum())
        centres = self._chance.standard_normal((max(8, round(size**0.5)), DIMENSIONS))
        self._centres = _unit(centres)
        self._kept: list[tuple[list[str], NDArray[np.float32]]] = []

    def chunks(self) -> Iterator[tuple[int, list[str], NDArray[np.float32]]]:
        """Number, words and vector of each chunk, the words of a cluster kept together as far as chance has it."""
        for start in range(0, self.size, MADE_AT_ONCE):
            numbers = np.arange(start, min(start + MADE_AT_ONCE, self.size))
            places = np.searchsorted(self._share, self._chance.random((len(numbers), WORDS_A_CHUNK)))
            vectors = self._near(self._centres[numbers % len(self._centres)])
            for number, row, vector in zip(numbers.tolist(), places.tolist(), vectors, strict=True):
                words = [self._words[min(place, VOCABULARY - 1)] for place in row]
                if number % max(1, self.size // 2000) == 0:
                    self._kept.append((words, vector))
                yield number, words, vector

    def questions(self, count: int) -> list[Asked]:
        """Of the words of a chunk each, with a vector beside the chunk's."""
        frequent, chance, found = set(self._words[:STOP_WORDS]), random.Random(count), []  # noqa: S311  no secret
        for number in range(count):
            words, vector = chance.choice(self._kept)
            rare = sorted({word for word in words if word not in frequent})
            picked = chance.sample(rare, min(len(rare), WORDS_A_QUESTION))
            if number % MISSPELLED == 0:
                picked[0] = picked[0][:3] + "q" + picked[0][3:]
            found.append(Asked(" ".join(picked), self._near(vector)))
        return found

    def _near(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        return _unit(vectors + SPREAD * _unit(self._chance.standard_normal(vectors.shape)))


def fill(owner: Connection, made: ZipfSite, site_id: str, embedder: str) -> None:
    """Write the site, without statistics of it. owner: a superuser, with pgvector's types registered."""
    incarnation = owner.execute(
        "INSERT INTO sites (site_id, name, origins, chunk_count) VALUES (%s, %s, '{https://bench.example}', %s) "
        "RETURNING incarnation",
        (site_id, site_id, made.size),
    ).fetchall()[0][0]
    chance, held = random.Random(made.size), Counter[str]()  # noqa: S311  no secret
    posts = -(-made.size // CHUNKS_A_POST)
    _copy(owner, "documents", DOCUMENT, (_post(site_id, number, incarnation, chance) for number in range(1, posts + 1)))
    _copy(owner, "chunks", CHUNK, _chunks(made, site_id, embedder, held))
    counts = ((site_id, dimension(word), count, word) for word, count in held.items())
    # Two words may have one dimension.
    _copy(owner, "term_counts", TERM_COUNT, {row[:2]: row for row in counts}.values())


def _copy(owner: Connection, table: str, columns: dict[str, str], rows: Iterable[tuple[object, ...]]) -> None:
    with owner.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def _chunks(made: ZipfSite, site_id: str, embedder: str, held: Counter[str]) -> Iterator[tuple[object, ...]]:
    """The rows. held: how many chunks hold a word, counted meanwhile."""
    for number, words, vector in made.chunks():
        post, position = divmod(number, CHUNKS_A_POST)
        held.update(set(words))
        text, title = " ".join(words), f"Post {post + 1}"
        row = (site_id, post + 1, position, title, ["Part"], text, text[:16].encode(), embedder)
        yield *row, HalfVector(vector), bm25.document_vector(words)


def _post(site_id: str, number: int, incarnation: UUID, chance: random.Random) -> tuple[object, ...]:
    kind = chance.choices(list(TYPES), list(TYPES.values()))[0]
    groups = ["members"] if chance.random() < MEMBERS else ["public"]
    url = f"https://bench.example/?p={number}"
    return site_id, number, 1, "indexed", kind, f"Post {number}", url, HTML, "en-GB", groups, MODIFIED_AT, incarnation


@cache
def _vocabulary(seed: int) -> Sequence[str]:
    """Words that the stemmer leaves alone, the most frequent first."""
    chance, found = random.Random(seed), {}  # noqa: S311  no secret
    while len(found) < VOCABULARY:
        word = (
            "".join(chance.choice("bcdfgklmnprtvz") + chance.choice("aiou") for _ in range(chance.randint(2, 4))) + "k"
        )
        if terms(word, "en") == [word]:
            found[word] = True
    return list(found)


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
