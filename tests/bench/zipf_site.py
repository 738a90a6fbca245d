"""A made-up site of any size: vectors in clusters, words as often as Zipf's law says, and questions about it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from psycopg import Connection
from psycopg.sql import SQL

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
        for number in range(self.size):
            places = np.searchsorted(self._share, self._chance.random(WORDS_A_CHUNK))
            words = [self._words[min(place, VOCABULARY - 1)] for place in places]
            vector = self._near(self._centres[number % len(self._centres)])
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

    def _near(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        return _unit(vector + SPREAD * _unit(self._chance.standard_normal(DIMENSIONS)))


def fill(owner: Connection, made: ZipfSite, site_id: str, embedder: str) -> None:
    """Write the site. owner: a superuser, with pgvector's types registered."""
    posts = -(-made.size // CHUNKS_A_POST)
    chance, held = random.Random(made.size), Counter()  # noqa: S311  no secret
    owner.execute(
        "INSERT INTO sites (site_id, name, origins, chunk_count) VALUES (%s, %s, '{https://bench.example}', %s)",
        (site_id, site_id, made.size),
    )
    columns = "site_id, post_id, version, state, type, title, url, html, language, groups, modified_at"
    with owner.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO documents ({columns}) VALUES (%s, %s, 1, 'indexed', %s, %s, %s, %s, 'en-GB', %s, now())",
            [_post(site_id, number, chance) for number in range(1, posts + 1)],
        )
        cursor.execute(
            "UPDATE documents SET incarnation = sites.incarnation FROM sites "
            "WHERE sites.site_id = documents.site_id AND documents.site_id = %s",
            (site_id,),
        )
        columns = "site_id, post_id, position, title, heading_path, text, hash, embedder, embedding, lexical"
        with cursor.copy(f"COPY chunks ({columns}) FROM STDIN") as copy:
            for number, words, vector in made.chunks():
                post, position = divmod(number, CHUNKS_A_POST)
                lexical = bm25.document_vector(words)
                held.update(set(words))
                text, title = " ".join(words), f"Post {post + 1}"
                row = (site_id, post + 1, position, title, ["Part"], text, text[:16].encode(), embedder)
                copy.write_row((*row, HalfVector(vector).to_text(), lexical.to_text()))
        cursor.executemany(
            "INSERT INTO term_counts (site_id, dimension, chunk_count, term) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(site_id, dimension(word), count, word) for word, count in held.items()],
        )
    owner.execute(SQL("ANALYZE"))


def _post(site_id: str, number: int, chance: random.Random) -> tuple[object, ...]:
    kind = chance.choices(list(TYPES), list(TYPES.values()))[0]
    groups = ["members"] if chance.random() < MEMBERS else ["public"]
    html = "<p>What the post says.</p>" * 100
    return site_id, number, kind, f"Post {number}", f"https://bench.example/?p={number}", html, groups


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
