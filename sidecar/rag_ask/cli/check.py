"""`rag-ask check`: settings and reachability, one line per problem."""

from __future__ import annotations

from rag_ask.answering.ground import ground
from rag_ask.api.routes.health import database_problems
from rag_ask.cli.terminal import database, system
from rag_ask.db import active_embedder, roles
from rag_ask.errors import EmbedderMismatch, RagAskError
from rag_ask.passage import Passage
from rag_ask.providers import models
from rag_ask.providers.chat import Usage
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings


def problems(settings: Settings) -> list[str]:
    """One line a problem, with the remedy. Asks each model once."""
    of_database = _database(settings)
    stored_by = None if of_database else _stored_by(settings)
    return [*of_database, *_embedder(settings, stored_by), *_answer_model(settings), *_redis(settings)]


def _database(settings: Settings) -> list[str]:
    for login in (roles.system(settings), roles.tenant(settings)):
        if reason := roles.why_not(login.conninfo):
            remedy = "Start Postgres, correct the URL, or run: rag-ask migrate"
            return [f"RAG_ASK_DATABASE_URL: {login.role} cannot log in ({reason}). {remedy}"]
    with database(settings) as opened:
        return database_problems(opened)


def _embedder(settings: Settings, stored_by: str | None) -> list[str]:
    try:
        Embedders(settings).of_texts(stored_by).embed(["Is anybody there?"])
    except EmbedderMismatch as error:
        return [error.message]
    except RagAskError as error:
        return [f"RAG_ASK_EMBEDDER={settings.embedder}: {error.message}"]
    return []


def _stored_by(settings: Settings) -> str | None:
    """Who embedded the stored texts; None where there are none."""
    with system(settings) as connection:
        return active_embedder.of_texts(connection)


def _answer_model(settings: Settings) -> list[str]:
    # The connectors of the sites are theirs to check.
    if settings.answer_model in ("quote", "site"):
        return []
    passage = Passage(1, "Opening hours", "https://example.com/", (), "We open at seven.", 1.0)
    try:
        parts = list(models.chat_model(settings).stream(ground("When do you open?", (passage,)).messages))
    except RagAskError as error:
        return [f"RAG_ASK_ANSWER_MODEL={settings.answer_model}: {error.message}"]
    said = any(part and not isinstance(part, Usage) for part in parts)
    return [] if said else [f"RAG_ASK_ANSWER_MODEL={settings.answer_model}: it could not answer a simple question."]


def _redis(settings: Settings) -> list[str]:
    if not settings.redis_url:
        return []
    from redis import Redis, RedisError

    try:
        Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3).ping()
    except (RedisError, ValueError) as error:
        return [f"REDIS_URL: no Redis answers there ({type(error).__name__}). Start it, or correct the URL."]
    return []
