"""Measure retrieval against the bare limit, on made-up sites of several sizes, in one run.

The bare limit is one open connection: the question's embedding, one exact statement by vectors and one by words, no
row-level security, no fuzzy match, no texts. Both answer each question in turns, so that what else the machine does
meets both. Recall is the share of the exact 60 best that are among the candidates. `--quick` measures small sites, in
less than three minutes, and never fails; `--large` adds 100,000 chunks.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import figures
import psycopg
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres
from large_site import build
from pgvector import HalfVector, SparseVector
from pgvector.psycopg import register_vector
from throughput import throughput
from zipf_site import Asked, ZipfSite, fill

from rag_ask.answering import pipeline
from rag_ask.answering.factory import read_line
from rag_ask.answering.read_line import Asked as Question
from rag_ask.db.database import Database
from rag_ask.indexing.postings import LARGE_SITE
from rag_ask.messages import Filter
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import candidates, query, site_facts, term_weights
from rag_ask.retrieval.config import RECIPE
from rag_ask.retrieval.retrieve import retrieve
from rag_ask.retrieval.search import POOL, search
from rag_ask.settings import Settings
from rag_ask.tenant import Site, Visitor
from rag_ask.text import bm25

SIZES, QUICK, LARGE = (100, 2_000, 20_000), (100, 2_000), 100_000
QUESTIONS, WARM = 120, 20
FILTERS = {
    "no filter": Filter(),
    "type page": Filter(types=["page"]),
    "type rare": Filter(types=["rare"]),
}
# Figure of a row -> what it is, its target, and whether it must be at least that.
TARGETS = {
    "ratio": ("retrieve against the bare limit", 1.3, False),
    "recall": ("recall@60 against exact search", 0.97, True),
    "throughput": ("`/v1/search` at 16 clients against the bare limit", 0.8, True),
    "answer": ("an answer without a model against retrieve", 1.5, False),
}
LARGE_P95_MS = 25.0

BARE = """
SELECT post_id, position FROM chunks WHERE site_id = %(site_id)s ORDER BY {column} {operator} %(value)s LIMIT 60
"""
EXACT = """
SELECT 1 - (embedding <=> %(embedding)s) AS dense, -(lexical <#> %(lexical)s) AS lexical
FROM chunks JOIN documents USING (site_id, post_id)
WHERE site_id = %(site_id)s AND groups && '{public}' AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s))
"""

Row = dict[str, Any]


class Bench:
    """One site in a Postgres, and what is asked of it."""

    def __init__(
        self, settings: Settings, database: Database, owner: psycopg.Connection, size: int, site_id: str = ""
    ) -> None:
        self.settings, self.database, self.owner, self.size = settings, database, owner, size
        self.embedders = Embedders(settings)
        self.line = read_line(settings, database, self.embedders)
        self.site_id = site_id or f"site-{size}"
        self.visitor = Visitor(Site(self.site_id, "", ()), "bench", ("public",), "en-GB")
        made = ZipfSite(size)
        fill(owner, made, self.site_id, self.embedders.own.name)
        self.questions = made.questions(QUESTIONS + WARM)
        self.built = build(settings, database, owner, self.site_id) if size >= LARGE_SITE else {}

    def retrieve(self, asked: Asked) -> None:
        retrieve(self.database, self.embedders, self.visitor, asked.text)

    def answer(self, asked: Asked) -> None:
        for _ in pipeline.answer(self.line, Question(self.visitor, asked.text)).events:
            pass

    def bare(self, asked: Asked) -> None:
        bare(self.owner, self.embedders, self.site_id, asked.text)

    def recall(self, asked: Asked, wanted: Filter) -> tuple[float, float]:
        """By vectors and by words: the share of the exact best whose scores the candidates reach."""
        name = self.embedders.own.name
        with self.database.tenant(self.site_id) as connection:
            facts = site_facts.read(connection, self.site_id, name)
            connection.execute(candidates.PLAN_FOR_SITE)
            found = search(connection, self.visitor, asked.text, name, asked.vector, wanted, RECIPE, facts)
        lexical = SparseVector(dict(found.weights), bm25.DIMENSIONS)
        values = {"embedding": HalfVector(asked.vector), "lexical": lexical, "types": wanted.types}
        rows = self.owner.execute(EXACT, values | {"site_id": self.site_id}).fetchall()
        dense = reached([row[0] for row in rows], [chunk.dense for chunk in found.chunks])
        words = reached([row[1] for row in rows if row[1] > 0], [c.lexical for c in found.chunks if c.lexical > 0])
        return dense, words


def bare(connection: psycopg.Connection, embedders: Embedders, site_id: str, question: str) -> None:
    """What no search of the same kind can do without."""
    (vector,) = embedders.own.embed_questions([question])  # type: ignore[attr-defined]
    terms = dict.fromkeys(term for word in query.words(question, ["en"]) for term in word.terms)
    lexical = SparseVector({term_weights.dimension(term): 1.0 for term in terms}, bm25.DIMENSIONS)
    for column, operator, value in (("embedding", "<=>", HalfVector(vector)), ("lexical", "<#>", lexical)):
        statement = BARE.format(column=column, operator=operator)
        connection.execute(statement, {"site_id": site_id, "value": value}).fetchall()


def reached(exact: list[float], found: list[float]) -> float:
    """Share of the best POOL exact scores that as many found ones reach."""
    best = sorted(exact, reverse=True)[:POOL]
    return min(1.0, sum(score >= best[-1] - 1e-6 for score in found) / len(best)) if best else 1.0


def interleaved(calls: dict[str, Callable[[Asked], None]], questions: list[Asked]) -> dict[str, list[float]]:
    """Milliseconds of each call for each question, in turns."""
    took: dict[str, list[float]] = {name: [] for name in calls}
    for number, asked in enumerate(questions):
        for name, call in list(calls.items())[:: 1 if number % 2 else -1]:
            # Nobody is to find the question's vector kept by the one before.
            suffix = Asked(f"{asked.text} {'?' * (1 + list(calls).index(name))}", asked.vector)
            started = time.perf_counter()
            call(suffix)
            took[name].append(1000 * (time.perf_counter() - started))
    return {name: times[WARM:] for name, times in took.items()}


def measure(bench: Bench, rounds: int) -> Row:
    calls = {"retrieve": bench.retrieve, "bare": bench.bare, "answer": bench.answer}
    took = interleaved(calls, bench.questions)
    row: Row = {"chunks": bench.size, "built": bench.built}
    for name, times in took.items():
        row |= {f"{name} p50": median(times), f"{name} p95": quantiles(times, n=20)[-1]}
    row["ratio"] = row["retrieve p50"] / row["bare p50"]
    row["answer"] = row["answer p50"] / row["retrieve p50"]
    for name, wanted in FILTERS.items():
        recalls = [bench.recall(asked, wanted) for asked in bench.questions[:: QUESTIONS // 30]]
        row[f"recall, {name}"] = tuple(sum(kind) / len(recalls) for kind in zip(*recalls, strict=True))
    row["recall"] = min(min(row[f"recall, {name}"]) for name in FILTERS)
    texts = [asked.text for asked in bench.questions]
    row["throughput"] = throughput(bench.settings, bench.database, bench.site_id, texts, bare, rounds)
    return row


def figures_of(row: Row) -> list[Figure]:
    """A site's figures."""
    case = f"{row['chunks']:,} chunks"
    found = []
    for name, (what, target, is_least) in TARGETS.items():
        unit = "" if name == "recall" else "x"
        found.append(Figure("speed", what, row[name], unit, target, is_least, case))
    for name in ("retrieve", "bare"):
        for share in ("p50", "p95"):
            is_bound = row["chunks"] >= LARGE and (name, share) == ("retrieve", "p95")
            target = LARGE_P95_MS if is_bound else None
            found.append(Figure("speed", f"{name} {share}", row[f"{name} {share}"], "ms", target, False, case))
    for name, value in row["built"].items():
        what, unit = name.split(" ", 1)
        found.append(Figure("speed", f"{what} of a large site", value, unit, case=case))
    return found


def details(row: Row) -> str:
    recalls = (f"{name} {row[f'recall, {name}'][0]:.3f} / {row[f'recall, {name}'][1]:.3f}" for name in FILTERS)
    return f"{row['chunks']:,} chunks, recall@60 by vectors / by words: {'   '.join(recalls)}"


def plot(rows: list[Row], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(xscale="log", yscale="log", xlabel="chunks of the site", ylabel="ms")
    for name in ("retrieve", "bare"):
        for figure_name, style in (("p50", "o-"), ("p95", "o:")):
            times = [row[f"{name} {figure_name}"] for row in rows]
            axes.plot([row["chunks"] for row in rows], times, style, label=f"{name} {figure_name}")
    axes.legend()
    figure.savefig(path, format="svg", metadata={"Date": None})


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[Database, psycopg.Connection]]:
    database = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=60)
    database.open()
    try:
        with psycopg.connect(settings.database_url, autocommit=True, prepare_threshold=None) as owner:
            register_vector(owner)
            yield database, owner
    finally:
        database.close()


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("--large", action="store_true", help="100,000 chunks too")
    parser.add_argument("--sizes", default="", help="other sizes, with commas")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw times against sizes into this SVG file")
    chosen = parser.parse_args()
    sizes = [*map(int, chosen.sizes.split(","))] if chosen.sizes else list(QUICK if chosen.quick else SIZES)
    sizes += [LARGE] if chosen.large else []
    with fresh_postgres() as url:
        settings = Settings(url, SECRET, models_dir=os.environ.get("RAG_ASK_MODELS_DIR", ""), min_score=0, sure_score=0)
        with opened(settings) as (database, owner):
            name = Embedders(settings).own.name
            owner.execute("INSERT INTO active_embedder (embedder) VALUES (%s)", (name,))
            rows = []
            for size in sizes:
                rows.append(measure(Bench(settings, database, owner, size), 1 if chosen.quick else 5))
                figures.progress(details(rows[-1]))
    if chosen.plot:
        plot(rows, chosen.plot)
    return figures.show([figure for row in rows for figure in figures_of(row)], chosen)


if __name__ == "__main__":
    sys.exit(main())
