"""The web application: a table of contents."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, jsonify
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from rag_ask import errors
from rag_ask.answering import factory
from rag_ask.answering.cached_answer import Cache
from rag_ask.api import cors, openapi, request_log
from rag_ask.api.places import Places
from rag_ask.api.rate_limits import Limits
from rag_ask.api.routes import (
    address,
    ask,
    feedback,
    health,
    insights,
    metrics,
    probe,
    purge,
    push,
    reconcile,
    site_settings,
    status,
)
from rag_ask.api.services import Services
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError
from rag_ask.metrics import RATE_LIMITED
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

log = structlog.get_logger(__name__)

HTTP_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


def create_app(settings: Settings) -> Flask:
    """Build the application. Opens the database pool, but waits for nothing."""
    app = Flask("rag_ask")
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    threads = settings.web_threads
    database = Database(settings, tenant_size=threads // 2 + 1, system_size=threads // 8 + 1, statement_timeout_s=10)
    embedders = Embedders(settings)
    line = factory.read_line(settings, database, embedders)
    app.extensions["rag_ask"] = Services(
        settings=settings,
        database=database,
        limits=Limits(app, settings),
        places=Places(settings.web_threads),
        embedders=embedders,
        line=line,
        cache=Cache(
            factory.answer_store(settings, database),
            line.answerer.model,
            settings.cache_ttl_s,
            settings.web_threads // 4,
        ),
    )
    for module in (
        push,
        reconcile,
        purge,
        address,
        ask,
        feedback,
        probe,
        insights,
        site_settings,
        status,
        health,
        metrics,
        openapi,
    ):
