"""Settings -> the embedder and the chat model that they name."""

from __future__ import annotations

from pathlib import Path

from rag_ask.db.database import Database
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.chat import ChatModel
from rag_ask.providers.embed import Embedder
from rag_ask.providers.prices import embedding_price_of, price_of
from rag_ask.providers.second_opinion import SecondOpinion
from rag_ask.settings import Settings


def embedder(settings: Settings) -> Embedder:
    """The embedder of these settings; the local one reads its model at the first text."""
    if settings.embedder == "local":
        return local_embedder()
    return openai_embedder(settings, settings.embedding_model, settings.embedding_dimensions)


def local_embedder() -> Embedder:
    """The embedder that needs no key."""
    from rag_ask.providers.embed.local import LocalEmbedder

    return LocalEmbedder()


def openai_embedder(settings: Settings, model: str, dimensions: int) -> Embedder:
    """A model behind the OpenAI protocol, with the key and address of these settings."""
    from rag_ask.providers.embed.openai import OpenAIEmbedder

    return OpenAIEmbedder(
        model=model,
        dimensions=dimensions,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        price_usd=embedding_price_of(model, settings.openai_api_key, settings.embedding_price_usd),
    )


def budgeted_model(settings: Settings, database: Database) -> BudgetedModel | None:
    """The chat model of these settings within the budgets of its sites; None when answers are quotes."""
    if settings.answer_model == "quote":
        return None
    api_key = settings.anthropic_api_key if settings.answer_model == "anthropic" else settings.openai_api_key
    price = price_of(settings.chat_model, api_key, settings.chat_price_usd)
    return BudgetedModel(database, chat_model(settings), price)


def second_opinion(settings: Settings, chat: BudgetedModel | None) -> SecondOpinion | None:
    """Who judges undecided sentences; None when nobody does, or there is no model whose sentences are judged."""
    if chat is None or settings.second_opinion == "off":
        return None
    if settings.second_opinion == "model":
        from rag_ask.providers.second_opinion.model import ModelOpinion

        return ModelOpinion(chat)
    from rag_ask.providers.second_opinion.onnx import OnnxOpinion

    return OnnxOpinion(Path(settings.second_opinion.removeprefix("onnx:")))


def chat_model(settings: Settings) -> ChatModel:
    """The model behind an API that these settings name."""
    if settings.answer_model == "anthropic":
        from rag_ask.providers.chat.anthropic import AnthropicAnswerModel

        return AnthropicAnswerModel(
            model=settings.chat_model,
            api_key=settings.anthropic_api_key,
            base_url=settings.anthropic_base_url,
            max_output_tokens=settings.max_answer_tokens,
        )
    from rag_ask.providers.chat.openai import OpenAIAnswerModel

    return OpenAIAnswerModel(
        model=settings.chat_model,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
        max_output_tokens=settings.max_answer_tokens,
    )
