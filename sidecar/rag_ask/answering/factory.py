"""Settings -> the READ line, and the cache of its answers."""

from __future__ import annotations

import json

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.cache import AnswerStore
from rag_ask.answering.read_line import ReadLine
from rag_ask.db.database import Database
from rag_ask.providers import models
from rag_ask.providers.embedders import Embedders
from rag_ask.retrieval import rerank
from rag_ask.settings import Settings


def read_line(settings: Settings, database: Database, embedders: Embedders) -> ReadLine:
    """The READ line of these settings."""
    settings_key = (
        settings.min_score,
        settings.sure_score,
        settings.undecided,
        settings.second_opinion,
        settings.max_answer_tokens,
        settings.rerank_model,
        settings.further_searches,
    )
    chat = models.budgeted_model(settings, database)
    return ReadLine(
        database=database,
        embedders=embedders,
        answerer=Answerer(database, chat),
        reranker=rerank.from_settings(settings),
        min_score=settings.min_score,
        sure_score=settings.sure_score,
        further_searches=settings.further_searches,
        undecided=settings.undecided,
        second_opinion=models.second_opinion(settings, chat),
        settings_key=json.dumps(settings_key),
    )


def quoting_line(settings: Settings, database: Database, embedders: Embedders) -> ReadLine:
    """The READ line without a model of any kind beside the embedder."""
    return ReadLine(
        database=database,
        embedders=embedders,
        answerer=Answerer(database),
        min_score=settings.min_score,
        sure_score=settings.sure_score,
    )


def answer_store(settings: Settings, database: Database) -> AnswerStore:
    """Where these settings keep answers."""
    if settings.cache == "redis":
        from rag_ask.answering.cache.redis import RedisAnswers

        return RedisAnswers(settings.redis_url)
    from rag_ask.answering.cache.postgres import PostgresAnswers

    return PostgresAnswers(database)
