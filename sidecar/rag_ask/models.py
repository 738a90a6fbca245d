"""Settings -> the embedder and the answer model that they name."""

from __future__ import annotations

from rag_ask.answer import AnswerModel
from rag_ask.cache import AnswerStore
from rag_ask.database import Database
from rag_ask.embed import Embedder
from rag_ask.settings import Settings

# Measured with `scripts/bench quality` for the local embedder only: at .33, 97 % of answerable questions pass and
# 97 % of another site's do not. Another embedder's cosines spread otherwise; RAG_ASK_MIN_SCORE sets it.
MIN_SCORE = 0.33


def embedder(settings: Settings) -> Embedder:
    """The embedder of these settings; the local one reads its model at the first text."""
    if settings.embedder == "local":
        return local_embedder()
    return openai_embedder(settings, settings.embedding_model, settings.embedding_dimensions)


def local_embedder() -> Embedder:
    """The embedder that needs no key."""
    from rag_ask.embed.local import LocalEmbedder

    return LocalEmbedder()


def openai_embedder(settings: Settings, model: str, dimensions: int) -> Embedder:
    """A model behind the OpenAI protocol, with the key and address of these settings."""
    from rag_ask.embed.openai import OpenAIEmbedder

    return OpenAIEmbedder(
        model=model, dimensions=dimensions, api_key=settings.openai_api_key, base_url=settings.openai_base_url
    )


def answer_model(settings: Settings, embedder: Embedder) -> AnswerModel:
    """The answer model of these settings."""
    if settings.answer_model == "quote":
        from rag_ask.answer.quote import QuoteModel

        return QuoteModel(embedder)
    from rag_ask.answer.openai import OpenAIAnswerModel

    return OpenAIAnswerModel(
        model=settings.chat_model, api_key=settings.openai_api_key, base_url=settings.openai_base_url
    )


def answer_store(settings: Settings, database: Database) -> AnswerStore:
    """Where these settings keep answers."""
    if settings.cache == "redis":
        from rag_ask.cache.redis import RedisAnswers

        return RedisAnswers(settings.redis_url)
    from rag_ask.cache.postgres import PostgresAnswers

    return PostgresAnswers(database)


def min_score(settings: Settings) -> float:
    """Below this confidence the answer is "not on this site"."""
    return MIN_SCORE if settings.min_score is None else settings.min_score
