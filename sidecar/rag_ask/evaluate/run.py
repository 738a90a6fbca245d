"""Run: ask every question of a dataset, and measure time and cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.conversation import Turn
from rag_ask.answering.find import find, search_once
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.db.database import Database
from rag_ask.db.thresholds import Thresholds
from rag_ask.evaluate.dataset import Dataset, Question, answering_documents
from rag_ask.evaluate.exchange import exchanged
from rag_ask.evaluate.index import Indexed, progress_bar
from rag_ask.evaluate.measure import Shown
from rag_ask.messages import Filter
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.embedders import Embedders
from rag_ask.providers.usage import MICRO
from rag_ask.retrieval.config import RECIPE, Recipe
from rag_ask.retrieval.rerank import Reranker

MAX_PASSAGES = 40


@dataclass(frozen=True)
class Reply:
    """What one question brought."""

    dataset: str
    question: Question
    shown: tuple[Shown, ...]
    confidence: float
    thresholds: Thresholds
    seconds: float


@dataclass(frozen=True)
class NearMisses:
    """Confidences of questions that a site nearly answers."""

    without_pages: list[float]
    exchanged: list[float]


@dataclass(frozen=True)
class Spent:
    """Tokens that answer models read and wrote, and their price."""

    tokens: int
    usd: float


@dataclass(frozen=True)
class Way:
    """How a question is looked up: the recipe, and the optional stages that are used.

    chat: rewrites follow-ups (when `rewrites`) and asks for further searches.
    """

    recipe: Recipe = RECIPE
    reranker: Reranker | None = None
    chat: BudgetedModel | None = None
    rewrites: bool = False
    further_searches: int = 0
    min_score: float | None = None


def ask(
    database: Database, embedders: Embedders, made: Indexed, datasets: Sequence[Dataset], way: Way = Way()
) -> list[Reply]:
    """Ask every question of its site, with a progress bar."""
    asked = [(dataset, question) for dataset in datasets for question in dataset.questions]
    line = _line(database, embedders, way)
    replies = []
    with progress_bar() as progress:
        for dataset, question in progress.track(asked, description="asking"):
            visitor = made.visitors[question.site]
            started = time.monotonic()
            turns = tuple(Turn(before, "") for before in question.before)
            found = find(line, Asked(visitor, question.question, turns)).retrieved
            seconds = time.monotonic() - started
            names = made.names[visitor.site.site_id]
            shown = tuple(Shown(names[passage.post_id], passage.text) for passage in found.passages)
            replies.append(Reply(dataset.name, question, shown, found.confidence, found.thresholds, seconds))
    return replies


def near_misses(database: Database, embedders: Embedders, made: Indexed, one: Dataset) -> NearMisses:
    """Ask the answerable questions without the pages that answer them, and with a name in them exchanged."""
    line = _line(database, embedders, Way())
    names = exchanged(one)
    found = NearMisses([], [])
    with progress_bar() as progress:
        asked = [question for question in one.questions if question.answerable]
        for question in progress.track(asked, description="near misses"):
            visitor = made.visitors[question.site]
            answering = answering_documents(one, question)
            pages = made.names[visitor.site.site_id]
            others = Filter.model_construct(ids=[post_id for post_id, name in pages.items() if name not in answering])
            if others.ids:
                without = search_once(line, Asked(visitor, question.question, filter=others), question.question)
                found.without_pages.append(without.confidence)
            if text := names.get((question.site, question.question)):
                found.exchanged.append(search_once(line, Asked(visitor, text), text).confidence)
    return found


def _line(database: Database, embedders: Embedders, way: Way) -> ReadLine:
    return ReadLine(
        database=database,
        embedders=embedders,
        answerer=Answerer(database, way.chat),
        reranker=way.reranker,
        recipe=way.recipe,
        max_passages=MAX_PASSAGES,
        min_score=way.min_score,
        further_searches=way.further_searches,
        rewrites=way.rewrites,
    )


def spent(database: Database, made: Indexed) -> Spent:
    """What the models have cost so far."""
    with database.system() as connection:
        row = connection.execute(
            "SELECT coalesce(sum(input_tokens + output_tokens), 0) AS tokens, "
            "coalesce(sum(cost_microusd), 0) AS microusd FROM usage WHERE site_id = ANY(%s)",
            (list(made.names),),
        ).fetchone()
    return Spent(int(row["tokens"]), int(row["microusd"]) / MICRO) if row else Spent(0, 0.0)
