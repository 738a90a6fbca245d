"""Made-up sites in a Postgres of their own, what is asked of them, and the bare limit of answering it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import psycopg
from fresh_postgres import SECRET, fresh_postgres, server_pid
from numpy.typing import NDArray
from pgvector import HalfVector, SparseVector
from pgvector.psycopg import register_vector
from zipf_site import Asked, ZipfSite, fill

from rag_ask.answering import pipeline
from rag_ask.answering.factory import read_line
from rag_ask.answering.read_line import Asked as Question
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.messages import Filter
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import candidates, query, site_facts, term_weights
from rag_ask.retrieval.config import RECIPE
from rag_ask.retrieval.retrieve import retrieve
from rag_ask.retrieval.search import POOL, search
from rag_ask.settings import Settings
from rag_ask.tenant import Visitor
from rag_ask.text import bm25

FILTERS = {
    "no filter": Filter(),
    "type page": Filter(types=["page"]),
    "type rare": Filter(types=["rare"]),
}

BARE = """
SELECT post_id, position FROM chunks WHERE site_id = %(site_id)s ORDER BY {column} {operator} %(value)s LIMIT 60
"""
EXACT = """
SELECT 1 - (embedding <=> %(embedding)s) AS dense, -(lexical <#> %(lexical)s) AS lexical
FROM chunks JOIN documents USING (site_id, post_id)
WHERE site_id = %(site_id)s AND groups && '{public}' AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s))
"""


class World(NamedTuple):
    """owner: a superuser's connection. server: the process of Postgres."""

    settings: Settings
    database: Database
    owner: psycopg.Connection
    server: int
    embedders: Embedders


@contextmanager
def opened() -> Iterator[World]:
    """A fresh Postgres whose texts are the default embedder's."""
    with fresh_postgres() as url:
        settings = Settings(url, SECRET, models_dir=os.environ.get("RAG_ASK_MODELS_DIR", ""), min_score=0, sure_score=0)
        database = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=60)
        database.open()
        try:
            with psycopg.connect(url, autocommit=True, prepare_threshold=None) as owner:
                register_vector(owner)
                embedders = Embedders(settings, threads=1)
                owner.execute("INSERT INTO active_embedder (embedder) VALUES (%s)", (embedders.own.name,))
                yield World(settings, database, owner, server_pid(url), embedders)
        finally:
            database.close()


class SearchedSite:
    """One site, without statistics and indexes of its own, and its questions."""

    def __init__(self, world: World, site_id: str, size: int, questions: int) -> None:
        self.world, self.site_id, self.size = world, site_id, size
        self.line = read_line(world.settings, world.database, world.embedders)
        made = ZipfSite(size)
        fill(world.owner, made, site_id, world.embedders.own.name)
        self.questions = made.questions(questions)
        # As it is read with the key of each question.
        with world.database.system() as connection:
            self.visitor = Visitor(sites.find(connection, site_id), "bench", ("public",), "en-GB")

    def retrieve(self, asked: Asked) -> None:
        retrieve(self.world.database, self.world.embedders, self.visitor, asked.text)

    def answer(self, asked: Asked) -> None:
        for _ in pipeline.answer(self.line, Question(self.visitor, asked.text)).events:
            pass

    def bare(self, asked: Asked) -> None:
        bare(self.world.owner, self.world.embedders, self.site_id, asked.text)

    def recall(self, asked: Asked, wanted: Filter) -> tuple[float, float]:
        """By vectors and by words: the share of the exact best whose scores the candidates reach."""
        name = self.world.embedders.own.name
        with self.world.database.tenant(self.site_id) as connection:
            facts = site_facts.read(connection, self.site_id, name)
            connection.execute(candidates.PLAN_FOR_SITE)
            found = search(connection, self.visitor, asked.text, name, asked.vector, wanted, RECIPE, facts)
        lexical = SparseVector(dict(found.weights), bm25.DIMENSIONS)
        values = {"embedding": HalfVector(asked.vector), "lexical": lexical, "types": wanted.types}
        rows = self.world.owner.execute(EXACT, values | {"site_id": self.site_id}).fetchall()
        dense = reached([row[0] for row in rows], [chunk.dense for chunk in found.chunks])
        words = reached([row[1] for row in rows if row[1] > 0], [c.lexical for c in found.chunks if c.lexical > 0])
        return dense, words


def bare(connection: psycopg.Connection, embedders: Embedders, site_id: str, question: str) -> None:
    """What no search of the same kind can do without."""
    (vector,) = embedders.own.embed_questions([question])  # type: ignore[attr-defined]
    bare_search(connection, site_id, question, vector)


def bare_search(connection: psycopg.Connection, site_id: str, question: str, vector: NDArray[np.float32]) -> None:
    """The same of a question that is embedded already."""
    terms = dict.fromkeys(term for word in query.words(question, ["en"]) for term in word.terms)
    lexical = SparseVector({term_weights.dimension(term): 1.0 for term in terms}, bm25.DIMENSIONS)
    for column, operator, value in (("embedding", "<=>", HalfVector(vector)), ("lexical", "<#>", lexical)):
        statement = BARE.format(column=column, operator=operator)
        connection.execute(statement, {"site_id": site_id, "value": value}).fetchall()


def reached(exact: Sequence[float], found: Sequence[float]) -> float:
    """Share of the best POOL exact scores that as many found ones reach."""
    best = sorted(exact, reverse=True)[:POOL]
    return min(1.0, sum(score >= best[-1] - 1e-6 for score in found) / len(best)) if best else 1.0
