"""Compare retrieval with LangChain's and LlamaIndex's PGVectorStore and the tutorial recipe: time and hits.

All have the same chunks, vectors, questions and Postgres, and are asked in turns; the time is without the embedding of
the question. DATA is a folder as `scripts/bench quality` takes it; a question hits when its answer stands in the first
1,500 characters of the passages. Without it the pages are those of docs/, and a question is six long words of one
paragraph, which is to be found. The tutorial recipe's table also holds the chunks of another site: it knows no sites.
The packages go into a venv of their own, .state/bench/compare; --quick compares with the recipe alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import figures
import psycopg
from corpora import convert
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres

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
CONTEXT = 1500
QUESTIONS, QUICK, WARM = 300, 40, 5
WORDS = 6
OURS = "RAG Ask"

Took = dict[str, list[tuple[float, bool]]]


class Page(NamedTuple):
    title: str
    paragraphs: list[str]


class Question(NamedTuple):
    text: str
    answer: str


def measure(data: Path | None, is_quick: bool) -> list[Figure]:
    count = QUICK if is_quick else QUESTIONS
    pages, questions = of_data(data) if data else of_docs(6 if is_quick else 100)
    questions = random.Random(1).sample(questions, min(count, len(questions)))  # noqa: S311  no secret
    python = sys.executable if is_quick else str(installed())
    with fresh_postgres() as url:
        models_dir = os.environ.get("RAG_ASK_MODELS_DIR", "")
        settings = Settings(url, SECRET, models_dir=models_dir, min_score=0, sure_score=0, log_level="WARNING")
        app = create_app(settings)
        database = app.extensions["rag_ask"].database
        embedders = Embedders(settings)
        try:
            for name, part in (("own", pages), ("other", [Page("Other", one.paragraphs[::-1]) for one in pages[:2]])):
                index(WordPress(app.test_client(), database, name), part, embedders)
            with stores(python, url, is_quick) as ask:
                took = in_turns(database, embedders, questions, ask)
        finally:
            database.close()
    return figures_of(took)


def of_data(data: Path) -> tuple[list[Page], list[Question]]:
    with tempfile.TemporaryDirectory() as folder:
        paragraphs = convert(data, Path(folder))[0]
        rows = [json.loads(line) for line in (paragraphs / "documents.jsonl").read_text().splitlines()]
        asked = [json.loads(line) for line in (paragraphs / "questions.jsonl").read_text().splitlines()]
    pages = [Page(row["title"], [row["html"]]) for row in rows]
    return pages, [Question(row["question"], row["answers"][0]) for row in asked if row.get("answers")]


def of_docs(most: int) -> tuple[list[Page], list[Question]]:
    chance, pages, questions = random.Random(7), [], []  # noqa: S311  no secret
    for path in sorted((ROOT / "docs").rglob("*.md"))[:most]:
        parts = [part for part in path.read_text(encoding="utf-8").split("\n\n") if part[0].isalpha()]
        pages.append(Page(path.stem, [f"<p>{escape(part)}</p>" for part in parts]))
        for part in parts:
            words = sorted({word for word in part.split() if word.isalpha() and len(word) > 5})
            if len(words) >= WORDS:
                questions.append(Question(" ".join(chance.sample(words, WORDS)), part[:60]))
    return [page for page in pages if page.paragraphs], questions


def index(site: WordPress, pages: list[Page], embedders: Embedders) -> None:
    for number, page in enumerate(pages, 1):
        site.push(site.upsert(number, 1, "\n".join(page.paragraphs), title=page.title))
    while indexer.index_some(indexer.Shift(site.database, embedders.own)):
        pass


@contextmanager
def stores(python: str, url: str, only_recipe: bool) -> Iterator[subprocess.Popen[str]]:
    """A process that has the chunks in each store."""
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
        yield process
    finally:
        process.kill()
        process.wait(30)


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
    database: Database, embedders: Embedders, questions: list[Question], process: subprocess.Popen[str]
) -> Took:
    """Milliseconds and whether it hit, of each question in each store."""
    names = hear(process)
    took: Took = {name: [] for name in (OURS, *names)}
    visitor = Visitor(Site("own", "", ()), "bench", ("public",), "en-GB")
    for question in [*questions[:WARM], *questions]:
        # The next look-up finds it kept.
        vector = embedders.embed_question(embedders.own, question.text)
        started = time.perf_counter()
        found = retrieve(database, embedders, visitor, question.text)
        ms = 1000 * (time.perf_counter() - started)
        took[OURS].append((ms, hits(question, [passage.text for passage in found.passages])))
        for name in names:
            say(process, {"store": name, "question": question.text, "vector": vector.tolist()})
            reply = hear(process)
            took[name].append((reply["ms"], hits(question, reply["texts"])))
    return {name: rows[WARM:] for name, rows in took.items()}


def hits(question: Question, texts: list[str]) -> bool:
    context = " ".join(" ".join(texts).split())[:CONTEXT]
    return " ".join(question.answer.split()) in context


def figures_of(took: Took) -> list[Figure]:
    times = {name: median(ms for ms, _ in rows) for name, rows in took.items()}
    shares = {name: sum(hit for _, hit in rows) / len(rows) for name, rows in took.items()}
    found = []
    for name in took:
        if name != OURS:
            ratio = times[OURS] / times[name]
            found.append(Figure("compare", "retrieve against another store, p50", ratio, "x", 1.0, False, name))
    for name in took:
        if name != OURS:
            more = round(shares[OURS] - shares[name], 6)
            found.append(Figure("compare", "hits@1500 more than another store", more, "", 0.0, True, name))
    for name in took:
        found.append(Figure("compare", "p50 without the embedding", times[name], "ms", case=name))
        found.append(Figure("compare", "hits@1500", shares[name], "", case=name))
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
