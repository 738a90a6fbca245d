"""Settings -> who answers, and where answers are kept."""

from __future__ import annotations

from rag_ask.answering.answerer import Answerer
from rag_ask.answering.cache import AnswerStore
from rag_ask.db.database import Database
from rag_ask.providers import models
from rag_ask.providers.embed import Embedder
from rag_ask.settings import Settings


def answerer(settings: Settings, database: Database, embedder: Embedder) -> Answerer:
    """Who answers with these settings."""
    return Answerer(database, embedder, models.budgeted_model(settings, database))


def answer_store(settings: Settings, database: Database) -> AnswerStore:
    """Where these settings keep answers."""
    if settings.cache == "redis":
        from rag_ask.answering.cache.redis import RedisAnswers

        return RedisAnswers(settings.redis_url)
    from rag_ask.answering.cache.postgres import PostgresAnswers

    return PostgresAnswers(database)
