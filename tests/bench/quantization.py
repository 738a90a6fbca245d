"""Measure binary quantization against the HNSW index on half-precision vectors: recall, time, size, build.

100,000 vectors that are spread like the default embedder's: a vector of a text of docs/, moved by the difference of two
others. A query is one more of them. A quantized vector keeps one bit a dimension: whether the value is above 0
("signs"), or above the mean of all vectors ("centred"). Its nearest by Hamming distance, from an HNSW index or exactly,
are ranked again by the vectors themselves. All ways answer each query in turns. Recall is the share of the exact 60
nearest that are found.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from functools import partial
from itertools import islice
from statistics import mean, median

import figures
import numpy as np
import psycopg
from figures import Figure
from fresh_postgres import fresh_postgres
from indexed_site import paragraphs
from numpy.typing import NDArray
from pgvector import Bit, HalfVector
from pgvector.psycopg import register_vector
from psycopg.sql import SQL, Literal

from rag_ask.providers import models
from rag_ask.settings import Settings

SIZE, QUICK = 100_000, 2_000
TEXTS, QUICK_TEXTS = 1_000, 100
# Two vectors of one text then have a cosine of about .9, as chunks of one page do.
MOVED = 0.5
QUERIES, QUICK_QUERIES, WARM = 200, 30, 20
POOL = 60
TABLES = """
SET maintenance_work_mem = '256MB'; SET hnsw.ef_search = 200; SET jit = off;
CREATE TABLE items (id int PRIMARY KEY, embedding halfvec({dimensions}) NOT NULL);
ALTER TABLE items ALTER embedding SET STORAGE PLAIN;
CREATE TABLE signs (id int PRIMARY KEY, bits bit({dimensions}) NOT NULL);
CREATE TABLE centred (id int PRIMARY KEY, bits bit({dimensions}) NOT NULL)
"""
INDEX = {
    "items": "CREATE INDEX near_items ON items USING hnsw (embedding halfvec_cosine_ops)",
    "signs": "CREATE INDEX near_signs ON signs USING hnsw (bits bit_hamming_ops)",
    "centred": "CREATE INDEX near_centred ON centred USING hnsw (bits bit_hamming_ops)",
}
AGAIN = """
SELECT id FROM items JOIN (SELECT id FROM {table} ORDER BY {order} LIMIT {count}) AS near USING (id)
ORDER BY embedding <=> %(vector)s LIMIT 60
"""
BY_INDEX, EXACTLY = "bits <~> %({table})s", "(bits <~> %({table})s) + 0"
EXACT = "the vectors, exactly"
HALFVEC = "HNSW on the vectors"
WAYS = {
    EXACT: "SELECT id FROM items ORDER BY (embedding <=> %(vector)s) + 0 LIMIT 60",
    HALFVEC: "SELECT id FROM items ORDER BY embedding <=> %(vector)s LIMIT 60",
} | {
    f"{how} on {table}, {count} ranked again": AGAIN.format(table=table, order=order.format(table=table), count=count)
    for table in ("signs", "centred")
    for how, order, count in (
        ("HNSW", BY_INDEX, 200),
        ("Hamming distance", EXACTLY, 240),
        ("Hamming distance", EXACTLY, 1000),
    )
}


def measure(is_quick: bool) -> list[Figure]:
    size, queries = (QUICK, QUICK_QUERIES) if is_quick else (SIZE, QUERIES)
    vectors = spread(QUICK_TEXTS if is_quick else TEXTS, size + WARM + queries)
    centre = vectors.mean(axis=0)
    with fresh_postgres() as url, psycopg.connect(url, autocommit=True) as owner:
        register_vector(owner)
        built = fill(owner, vectors[:size], centre)
        took, found = in_turns(owner, vectors[size:], centre)
    figure = partial(Figure, "quantization")
    rows = []
    for name in WAYS:
        share = mean(len(one & exact) / POOL for one, exact in zip(found[name], found[EXACT], strict=True))
        rows.append(figure("recall@60", share, case=name))
        rows.append(
            figure("p50 against HNSW on the vectors", median(took[name]) / median(took[HALFVEC]), "x", case=name)
        )
    for table, (seconds, megabytes) in built.items():
        rows += [figure("index built in", seconds, "s", case=table), figure("index", megabytes, "MB", case=table)]
    return rows


def spread(texts: int, count: int) -> NDArray[np.float32]:
    """Unit vectors, shape (count, dimensions)."""
    models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
    embedder = models.embedder(Settings(database_url="", secret=b"", models_dir=models_dir))
    held, chance = embedder.embed(list(islice(paragraphs(), texts))), np.random.default_rng(7)
    base, one, other = (held[chance.integers(0, texts, count)] for _ in range(3))
    moved = base + MOVED * (one - other)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def fill(
    owner: psycopg.Connection, vectors: NDArray[np.float32], centre: NDArray[np.float32]
) -> dict[str, tuple[float, float]]:
    """Table -> seconds and megabytes of its index."""
    owner.execute(TABLES.format(dimensions=vectors.shape[1]))
    rows = {
        "items": ("halfvec", (HalfVector(vector) for vector in vectors)),
        "signs": ("bit", (Bit(vector > 0) for vector in vectors)),
        "centred": ("bit", (Bit(vector > centre) for vector in vectors)),
    }
    for table, (kind, values) in rows.items():
        with owner.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["int4", kind])
            for number, value in enumerate(values):
                copy.write_row((number, value))
    owner.execute("ANALYZE")
    return {table: index(owner, table) for table in INDEX}


def index(owner: psycopg.Connection, table: str) -> tuple[float, float]:
    started = time.perf_counter()
    owner.execute(INDEX[table])
    took = time.perf_counter() - started
    statement = SQL("SELECT pg_relation_size({}::regclass) / 1e6").format(Literal(f"near_{table}"))
    return took, float(owner.execute(statement).fetchall()[0][0])


def in_turns(
    owner: psycopg.Connection, queries: NDArray[np.float32], centre: NDArray[np.float32]
) -> tuple[dict[str, list[float]], dict[str, list[set[int]]]]:
    """Way -> milliseconds and ids of each query."""
    took: dict[str, list[float]] = defaultdict(list)
    found: dict[str, list[set[int]]] = defaultdict(list)
    for vector in queries:
        values = {"vector": HalfVector(vector), "signs": Bit(vector > 0), "centred": Bit(vector > centre)}
        for name, statement in WAYS.items():
            started = time.perf_counter()
            rows = owner.execute(statement, values).fetchall()
            took[name].append(1000 * (time.perf_counter() - started))
            found[name].append({number for (number,) in rows})
    return {name: times[WARM:] for name, times in took.items()}, {name: ids[WARM:] for name, ids in found.items()}


if __name__ == "__main__":
    figures.run(__doc__, measure)
