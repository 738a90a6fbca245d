"""Settings -> the embedder, the answer model and the reranker that they name."""

from __future__ import annotations

from rag_ask.answer import AnswerModel, Writer
from rag_ask.answer.quote import QuoteModel
from rag_ask.answering import Answerer
from rag_ask.cache import AnswerStore
from rag_ask.database import Database
from rag_ask.embed import Embedder
from rag_ask.prices import embedding_price_of, price_of
from rag_ask.rerank import Reranker
from rag_ask.settings import Settings


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
        model=model,
        dimensions=dimensions,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        price_usd=embedding_price_of(model, settings.openai_api_key, settings.embedding_price_usd),
    )


def answer_model(settings: Settings, embedder: Embedder) -> AnswerModel:
    """The answer model of these settings."""
    return QuoteModel(embedder) if settings.answer_model == "quote" else paid_model(settings)


def answerer(settings: Settings, database: Database, embedder: Embedder) -> Answerer:
    """Who answers with these settings, and at what price."""
    if settings.answer_model == "quote":
        return Answerer(database, embedder)
    api_key = settings.anthropic_api_key if settings.answer_model == "anthropic" else settings.openai_api_key
    price = price_of(settings.chat_model, api_key, settings.chat_price_usd)
    return Answerer(database, embedder, paid_model(settings), price)


def paid_model(settings: Settings) -> Writer:
    """The model behind an API that these settings name."""
    if settings.answer_model == "anthropic":
        from rag_ask.answer.anthropic import AnthropicAnswerModel

        return AnthropicAnswerModel(
            model=settings.chat_model,
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            max_output_tokens=settings.max_answer_tokens,
        )
    from rag_ask.answer.openai import OpenAIAnswerModel

    return OpenAIAnswerModel(
        model=settings.chat_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        max_output_tokens=settings.max_answer_tokens,
    )


def reranker(settings: Settings) -> Reranker | None:
    """The reranker of these settings, where one is named."""
    if not settings.rerank_url:
        return None
    return Reranker(settings.rerank_url, settings.rerank_model, settings.rerank_api_key)


def answer_store(settings: Settings, database: Database) -> AnswerStore:
    """Where these settings keep answers."""
    if settings.cache == "redis":
        from rag_ask.cache.redis import RedisAnswers

        return RedisAnswers(settings.redis_url)
    from rag_ask.cache.postgres import PostgresAnswers

    return PostgresAnswers(database)
