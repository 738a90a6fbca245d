"""Run: every question asked of its site, one way or another, and what that cost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rag_ask.answering.conversation import Turn
from rag_ask.answering.followup import nothing
from rag_ask.answering.pipeline import find
from rag_ask.db.database import Database
from rag_ask.evaluate.dataset import Dataset, Question
from rag_ask.evaluate.index import Indexed, progress_bar
from rag_ask.evaluate.measure import Shown
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.embedders import Embedders
from rag_ask.providers.usage import MICRO
from rag_ask.retrieval.config import RECIPE, Recipe
from rag_ask.retrieval.rerank import Reranker
from rag_ask.retrieval.retrieve import Retrieved, retrieve
from rag_ask.tenant import Visitor

MAX_PASSAGES = 40


@dataclass(frozen=True)
class Reply:
    """What one question brought."""

    dataset: str
    question: Question
    shown: tuple[Shown, ...]
    confidence: float
    min_score: float
    seconds: float


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
    replies = []
    with progress_bar() as progress:
        for dataset, question in progress.track(asked, description="asking"):
            visitor = made.visitors[question.site]
            started = time.monotonic()
            found = _look_up(database, embedders, visitor, question, way)
            seconds = time.monotonic() - started
            names = made.names[visitor.site.site_id]
            shown = tuple(Shown(names[passage.post_id], passage.text) for passage in found.passages)
            replies.append(Reply(dataset.name, question, shown, found.confidence, found.min_score, seconds))
    return replies


def _look_up(database: Database, embedders: Embedders, visitor: Visitor, question: Question, way: Way) -> Retrieved:
    write = partial(way.chat.write, visitor.site.site_id) if way.chat else nothing

    def search(text: str, further: Sequence[str]) -> Retrieved:
        return retrieve(
            database, embedders, visitor, text, MAX_PASSAGES, recipe=way.recipe, reranker=way.reranker, further=further
        )

    turns = [Turn(before, "") for before in question.before]
    asked, limit = question.question, way.further_searches
    return find(asked, turns, search, write, limit, way.min_score, rewrites=way.rewrites)[1]


def spent(database: Database, made: Indexed) -> Spent:
    """What the models have cost so far."""
    with database.system() as connection:
        row = connection.execute(
            "SELECT coalesce(sum(input_tokens + output_tokens), 0) AS tokens, "
            "coalesce(sum(cost_microusd), 0) AS microusd FROM usage WHERE site_id = ANY(%s)",
            (list(made.names),),
        ).fetchone()
    return Spent(int(row["tokens"]), int(row["microusd"]) / MICRO) if row else Spent(0, 0.0)
