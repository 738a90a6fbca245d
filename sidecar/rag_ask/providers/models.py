"""Settings -> the embedder and the chat model that they name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rag_ask.db.database import Database
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.chat import ChatModel
from rag_ask.providers.chat.site import SiteModels
from rag_ask.providers.embed import Embedder, files, onnx_folder
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.spec import E5_SMALL, MINILM, ModelSpec
from rag_ask.providers.prices import embedding_price_of, price_of
from rag_ask.providers.second_opinion import SecondOpinion
from rag_ask.settings import ONNX, Settings

# What `local` is where nothing is indexed yet, and every model that it may be where something is.
LOCAL = E5_SMALL
LOCAL_MODELS = {spec.name: spec for spec in (E5_SMALL, MINILM)}


def embedder(settings: Settings, threads: int | None = None) -> Embedder:
    """The embedder of these settings; a local one reads its model at the first text.

    threads: processor threads for a text of a local one; by default all cores, at most four. Raises ModelMissing when a
    folder of the settings is no model.
    """
    if settings.embedder.startswith(ONNX):
        return _onnx_embedder(Path(settings.embedder.removeprefix(ONNX)), threads)
    if settings.embedder == "openai":
        return openai_embedder(settings, settings.embedding_model, settings.embedding_dimensions)
    return local_embedder(settings, MINILM if settings.embedder == "local-en" else LOCAL, threads)


def local_embedder(settings: Settings, spec: ModelSpec, threads: int | None = None) -> Embedder:
    """An embedder of the package, or of `rag-ask models get`."""
    folder = files.IN_PACKAGE if spec == MINILM else files.models_folder(settings.models_dir) / files.E5_SMALL
    return _in_folder(spec, folder, threads)


@cache
def _onnx_embedder(folder: Path, threads: int | None) -> Embedder:
    return _in_folder(onnx_folder.spec_of(folder), folder, threads)


@cache
def _in_folder(spec: ModelSpec, folder: Path, threads: int | None) -> Embedder:
    """One for a process and number of threads: each holds its model in memory."""
    return LocalEmbedder(spec, folder, threads)


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
    if settings.answer_model == "site":
        # Somebody bills the site: a model that is not named counts as the dearest one.
        price = price_of(settings.chat_model, "of the site", settings.chat_price_usd)
        return BudgetedModel(database, site_models(settings, database), price)
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


def site_models(settings: Settings, database: Database) -> SiteModels:
    """The AI connectors of the sites."""
    return SiteModels(
        database, settings.secret, settings.chat_model, settings.file_hosts.split(","), settings.max_answer_tokens
    )


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
