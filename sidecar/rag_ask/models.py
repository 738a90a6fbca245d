"""Settings -> the embedder, the answer model and the reranker that they name."""

from __future__ import annotations

from rag_ask.answer import AnswerModel
from rag_ask.embed import Embedder
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


def reranker(settings: Settings) -> Reranker | None:
    """The reranker of these settings, where one is named."""
    if not settings.rerank_url:
        return None
    return Reranker(settings.rerank_url, settings.rerank_model, settings.rerank_api_key)
