"""Settings -> the embedder and the answer model that they name."""

from __future__ import annotations

from rag_ask.answer import AnswerModel, Writer
from rag_ask.answering import Answerer
from rag_ask.database import Database
from rag_ask.embed import Embedder
from rag_ask.prices import price_of
from rag_ask.settings import Settings

# Measured with `scripts/bench quality` for the local embedder only: at .33, 97 % of answerable questions pass and
# 97 % of another site's do not. Another embedder's cosines spread otherwise; RAG_ASK_MIN_SCORE sets it.
MIN_SCORE = 0.33


def embedder(settings: Settings) -> Embedder:
    """The embedder of these settings; the local one reads its model at the first text."""
    if settings.embedder == "local":
        from rag_ask.embed.local import LocalEmbedder

        return LocalEmbedder()
    from rag_ask.embed.openai import OpenAIEmbedder

    return OpenAIEmbedder(
        model=settings.embedding_model,
        dimensions=settings.embedding_dimensions,
        api_key=settings.openai_api_key,
        base_url=settings.openai_base_url,
    )


def answer_model(settings: Settings, embedder: Embedder) -> AnswerModel:
    """The answer model of these settings."""
    if settings.answer_model == "quote":
        return quote_model(embedder)
    return paid_model(settings)


def quote_model(embedder: Embedder) -> AnswerModel:
    """The answer model that needs no key, and answers where the paid one may not or cannot."""
    from rag_ask.answer.quote import QuoteModel

    return QuoteModel(embedder)


def answerer(settings: Settings, database: Database, embedder: Embedder) -> Answerer:
    """Who answers with these settings, and at what price."""
    quote = quote_model(embedder)
    if settings.answer_model == "quote":
        return Answerer(database, quote)
    api_key = settings.anthropic_api_key if settings.answer_model == "anthropic" else settings.openai_api_key
    price = price_of(settings.chat_model, api_key, settings.chat_price_usd)
    return Answerer(database, quote, paid_model(settings), price)


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


def min_score(settings: Settings) -> float:
    """Below this confidence the answer is "not on this site"."""
    return MIN_SCORE if settings.min_score is None else settings.min_score
