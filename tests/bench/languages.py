"""Measure retrieval in other languages than English, and of questions in another language than the pages.

DATA holds `xquad.LANGUAGE.json` of https://github.com/google-deepmind/xquad (CC BY-SA 4.0): the same articles,
paragraphs and questions in twelve languages. Every article is a page of one site in its language. A question hits when
its answer stands in the first 1,500 characters of ranked passages. The embedder is that of the environment. Fails when
a figure is below its line.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape
from pathlib import Path
from statistics import fmean
from typing import Any

import figures
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres

from rag_ask.cli import terminal
from rag_ask.db.database import Database
from rag_ask.evaluate import index, report, run
from rag_ask.evaluate.dataset import Dataset, Document, Question
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

SAME = ("ar", "de", "el", "es", "hi", "ro", "ru", "th", "tr", "vi", "zh")
CONTEXT = 1500
MEAN_LINE = 0.98
# Questions of this language on English pages.
ACROSS_LINES = {"de": 0.93, "es": 0.95, "zh": 0.84}


def articles(data: Path, language: str, every: int) -> list[dict[str, Any]]:
    """Each N-th article of a language."""
    found: list[dict[str, Any]] = json.loads((data / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    return found[::every]


def questions(data: Path, language: str, every: int) -> Iterator[tuple[str, str]]:
    """Question and answer, in the same order in every language."""
    for article in articles(data, language, every):
        for paragraph in article["paragraphs"]:
            yield from ((asked["question"], asked["answers"][0]["text"]) for asked in paragraph["qas"])


def dataset(data: Path, pages: str, asked: str, every: int) -> Dataset:
    """A site in one language, with questions in the same or another one."""
    documents = [
        Document(
            id=article["title"],
            site=f"{pages}-{asked}",
            title=article["title"].replace("_", " "),
            html="\n".join(f"<p>{escape(paragraph['context'])}</p>" for paragraph in article["paragraphs"]),
            language=pages,
        )
        for article in articles(data, pages, every)
    ]
    pairs = zip(questions(data, asked, every), questions(data, pages, every), strict=True)
    wanted = [
        Question(question=question, site=f"{pages}-{asked}", answers=[answer]) for (question, _), (_, answer) in pairs
    ]
    return Dataset(f"{pages}-{asked}", tuple(documents), tuple(wanted))


def hits(database: Database, settings: Settings, datasets: Iterable[Dataset]) -> dict[str, float]:
    """Name -> hit@1500, printed as soon as it is known."""
    embedders, found = Embedders(settings), {}
    for one in datasets:
        with index.indexed(database, embedders, [one]) as made:
            replies = run.ask(database, embedders, made, [one])
        found[one.name] = report.report([one], replies, None).quality[one.name][CONTEXT].hit
        print(f"{one.name}  hit@{CONTEXT} {found[one.name]:.3f}", flush=True)
    return found


def main() -> int:
    parser = figures.parser(__doc__)
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th article")
    parser.add_argument("--only", default=",".join(SAME), help="languages, with commas")
    chosen = parser.parse_args()
    languages: Sequence[str] = [name for name in chosen.only.split(",") if name]
    across = [name for name in ACROSS_LINES if name in languages]
    datasets = [dataset(chosen.data, name, name, chosen.every) for name in languages]
    datasets += [dataset(chosen.data, "en", name, chosen.every) for name in across]
    with fresh_postgres() as url:
        own = {"RAG_ASK_DATABASE_URL": url, "RAG_ASK_SECRET": SECRET.decode()}
        settings = Settings.from_environment(os.environ | own)
        with terminal.database(settings) as database:
            found = hits(database, settings, datasets)
    figure = partial(Figure, "languages", is_least=True)
    mean = fmean(found[f"{name}-{name}"] for name in languages)
    lined = [figure(f"hit@{CONTEXT}, mean of {len(languages)} languages", mean, target=MEAN_LINE)]
    for name in across:
        lined.append(figure(f"{name} questions on English pages", found[f"en-{name}"], target=ACROSS_LINES[name]))
    return figures.show(lined, chosen)


if __name__ == "__main__":
    sys.exit(main())
