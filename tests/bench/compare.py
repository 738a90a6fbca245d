"""Compare retrieval with LangChain's and LlamaIndex's PGVectorStore and the tutorial recipe: time and recall.

All have the same chunks, vectors, questions and Postgres, and are asked in turns; the time is without the embedding of
the question. Then each answers questions alone, which gives its processor time, Postgres's included. DATA is a folder
as `scripts/bench quality` takes it; all its questions that an article or a long page answers are asked. Recall is the
share of the answer in the first 1,500 characters of the passages of articles, 4,000 of long pages. Without DATA the
pages are those of docs/, and a question is six long words of one paragraph, which is to be found. The tutorial recipe's
table also holds the chunks of another site: it knows no sites. The packages go into a venv of their own,
.state/bench/compare; --quick compares with the recipe alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import Any

import figures
import numpy as np
import psycopg
import resident
from compare_corpora import CHARACTERS, Corpus, Page, of_data, of_docs
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres, server_pid
from numpy.typing import NDArray

from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval.retrieve import retrieve
from rag_ask.settings import Settings
from rag_ask.tenant import Site, Visitor

ROOT = Path(__file__).parents[2]
VENV = ROOT / ".state/bench/compare"
LOCK = ROOT / "tests/bench/compare.lock"
QUESTIONS, QUICK, WARM, ALONE = 300, 40, 5, 100
OURS = "RAG Ask"


# A question and its vector -> milliseconds by the clock, of the process that asked, and the passages.
Ask = Callable[[str, NDArray[np.float32]], tuple[float, float, list[str]]]


def measure(data: Path | None, is_quick: bool) -> list[Figure]:
    corpora = of_data(data) if data else of_docs(6 if is_quick else 100, QUICK if is_quick else QUESTIONS)
    python = sys.executable if is_quick else str(installed())
    return [figure for corpus in corpora for figure in of_corpus(corpus, python, is_quick)]


def of_corpus(corpus: Corpus, python: str, only_recipe: bool) -> list[Figure]:
    with fresh_postgres() as url:
        models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
        settings = Settings(url, SECRET, models_dir=models_dir, min_score=0, sure_score=0, log_level="WARNING")
        app = create_app(settings)
        database = app.extensions["rag_ask"].database
        embedders = Embedders(settings)
        try:
            for name, part in (("own", corpus.pages), ("other", corpus.pages[:2])):
                index(WordPress(app.test_client(), database, name), part, embedders)
            with stores(python, url, only_recipe) as others:
                asks = {OURS: ours(database, embedders)} | others
                vectors = [embedders.embed_question(embedders.own, one.question) for one in corpus.questions]
                took = in_turns(corpus, vectors, asks)
                spent = alone(corpus, vectors, asks, server_pid(url))
        finally:
            database.close()
    return figures_of(corpus, took, spent)


def index(site: WordPress, pages: list[Page], embedders: Embedders) -> None:
    for number, page in enumerate(pages, 1):
        site.push(site.upsert(number, 1, page.html, title=page.title))
    while indexer.index_some(indexer.Shift(site.database, embedders.own)):
        pass


def ours(database: Database, embedders: Embedders) -> Ask:
    visitor = Visitor(Site("own", "", ()), "bench", ("public",), "en-GB")

    def ask(question: str, vector: NDArray[np.float32]) -> tuple[float, float, list[str]]:
        # The look-up finds its vector kept.
        embedders.embed_question(embedders.own, question)
        started, own = time.perf_counter(), time.process_time()
        found = retrieve(database, embedders, visitor, question)
        took = time.perf_counter() - started, time.process_time() - own
        return 1000 * took[0], 1000 * took[1], [passage.text for passage in found.passages]

    return ask


@contextmanager
def stores(python: str, url: str, only_recipe: bool) -> Iterator[dict[str, Ask]]:
    """The other stores with the same chunks, in a process of their own."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT text, embedding::vector::text, site_id FROM chunks ORDER BY site_id = 'own' DESC, post_id, position"
        ).fetchall()
    own = sum(site_id == "own" for _, _, site_id in rows)
    vectors = [json.loads(vector) for _, vector, _ in rows]
    given = {"url": url, "texts": [text for text, _, _ in rows], "vectors": vectors, "own": own}
    figures.progress(f"{own} chunks of the site, {len(rows) - own} of another")
    program = Path(__file__).parent / "compare_stores.py"
    process = subprocess.Popen([python, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        say(process, given | {"only_recipe": only_recipe})
        yield {name: partial(other, process, name) for name in hear(process)}
    finally:
        process.kill()
        process.wait(30)


def other(
    process: subprocess.Popen[str], name: str, question: str, vector: NDArray[np.float32]
) -> tuple[float, float, list[str]]:
    say(process, {"store": name, "question": question, "vector": vector.tolist()})
    reply = hear(process)
    return reply["ms"], reply["own_ms"], reply["texts"]


def say(process: subprocess.Popen[str], message: object) -> None:
    assert process.stdin
    process.stdin.write(json.dumps(message) + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> Any:
    assert process.stdout
    line = process.stdout.readline()
    assert line, "the other stores broke"
    return json.loads(line)


def in_turns(
    corpus: Corpus, vectors: Sequence[NDArray[np.float32]], asks: dict[str, Ask]
) -> dict[str, list[tuple[float, float]]]:
    """Store -> milliseconds and recall of each question."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in asks}
    asked = list(zip(corpus.questions, vectors, strict=True))
    for question, vector in [*asked[:WARM], *asked]:
        for name, ask in asks.items():
            ms, _, passages = ask(question.question, vector)
            took[name].append((ms, corpus.recall(question, passages)))
    return {name: rows[WARM:] for name, rows in took.items()}


def alone(
    corpus: Corpus, vectors: Sequence[NDArray[np.float32]], asks: dict[str, Ask], server: int
) -> dict[str, float]:
    """Store -> milliseconds of processor time of a question, there and in Postgres."""
    asked = list(zip(corpus.questions, vectors, strict=True))[:ALONE]
    spent = {}
    for name, ask in asks.items():
        before = resident.processor_s(server)
        own_ms = sum(ask(question.question, vector)[1] for question, vector in asked)
        spent[name] = (own_ms + 1000 * (resident.processor_s(server) - before)) / len(asked)
    return spent


def figures_of(corpus: Corpus, took: dict[str, list[tuple[float, float]]], spent: dict[str, float]) -> list[Figure]:
    times = {name: median(ms for ms, _ in rows) for name, rows in took.items()}
    recalls = {name: mean(recall for _, recall in rows) for name, rows in took.items()}
    at = f"recall@{CHARACTERS[corpus.name]:,} of {corpus.name}"
    found = []
    for name in took:
        if name != OURS:
            ratio, more = times[OURS] / times[name], round(recalls[OURS] - recalls[name], 6)
            case = f"{corpus.name}, {name}"
            found.append(Figure("compare", "retrieve against another store, p50", ratio, "x", 1.0, False, case))
            found.append(Figure("compare", f"{at} more than another store", more, "", 0.0, True, name))
    for name in took:
        found.append(Figure("compare", at, recalls[name], case=name))
        found.append(Figure("compare", "p50 without the embedding", times[name], "ms", case=f"{corpus.name}, {name}"))
        found.append(
            Figure("compare", "processor time of a question", spent[name], "ms", case=f"{corpus.name}, {name}")
        )
    return found


def installed() -> Path:
    """The Python of a venv that holds the packages of compare.lock."""
    python, stamp = VENV / "bin/python", VENV / ".lock"
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        figures.progress("Installing the other stores")
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCK], check=True, timeout=900)
        stamp.write_text(digest)
    return python


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA")
    chosen = parser.parse_args()
    return figures.show(measure(chosen.data, chosen.quick), chosen)


if __name__ == "__main__":
    sys.exit(main())
