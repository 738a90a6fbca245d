"""Stages: gain and cost of each optional stage that the settings enable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag_ask.db.database import Database
from rag_ask.evaluate import index, run
from rag_ask.evaluate.dataset import Dataset
from rag_ask.evaluate.index import Indexed
from rag_ask.evaluate.report import Report, report
from rag_ask.evaluate.run import Spent, Way
from rag_ask.providers import models
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import rerank
from rag_ask.settings import Settings


@dataclass(frozen=True)
class Stage:
    """A stage by name, what is found with it, and what its model took: for all questions, or all pages."""

    name: str
    found: Report
    spent: Spent


def measured(
    database: Database, settings: Settings, embedders: Embedders, made: Indexed, datasets: Sequence[Dataset]
) -> Iterator[Stage]:
    """Measure each stage alone. The headers come last, for they stay.

    Raises RagAskError when the model writes no headers.
    """
    chat = models.budgeted_model(settings, database)

    def stage(name: str, way: Way, spent_before: Spent) -> Stage:
        found = report(datasets, run.ask(database, embedders, made, datasets, way), settings.min_score)
        spent = run.spent(database, made)
        return Stage(name, found, Spent(spent.tokens - spent_before.tokens, spent.usd - spent_before.usd))

    if reranker := rerank.from_settings(settings):
        with reranker:
            yield stage("reranker", Way(reranker=reranker), run.spent(database, made))
    has_follow_ups = any(question.before for dataset in datasets for question in dataset.questions)
    if settings.answer_model != "quote" and has_follow_ups:
        yield stage("follow-ups written by the model", Way(chat=chat, rewrites=True), run.spent(database, made))
    if settings.further_searches:
        way = Way(chat=chat, further_searches=settings.further_searches, min_score=settings.min_score)
        yield stage("further searches", way, run.spent(database, made))
    if settings.chunk_headers == "on" and chat:
        before = run.spent(database, made)
        index.write_headers(database, embedders, made, chat)
        yield stage("chunk headers", Way(), before)
