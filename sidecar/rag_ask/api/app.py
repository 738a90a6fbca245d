"""The web application: a table of contents."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, jsonify
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from rag_ask import errors, traces
from rag_ask.answering import factory
from rag_ask.answering.cached_answer import Cache
from rag_ask.api import cors, forward, openapi, request_log
from rag_ask.api.places import Places
from rag_ask.api.rate_limits import Limits
from rag_ask.api.routes import (
    address,
    ask,
    chat,
    feedback,
    health,
    insights,
    mcp,
    metrics,
    move,
    outside_pages,
    probe,
    purge,
    push,
    reconcile,
    site_settings,
    status,
)
from rag_ask.api.services import Services
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError, SiteMoved
from rag_ask.insights.question_log import QuestionLog
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
    # A question has few words: a second processor thread would take half as much again, and make it no faster.
    embedders = Embedders(settings, threads=1)
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
        question_log=QuestionLog(database),
    )
    for module in (
        push,
        reconcile,
        purge,
        address,
        ask,
        chat,
        mcp,
        feedback,
        probe,
        outside_pages,
        insights,
        site_settings,
        status,
        health,
        metrics,
        move,
        openapi,
    ):
        app.register_blueprint(module.blueprint)
    # The addresses of visitors on pages outside WordPress; nothing else is read of what a client sends.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    cors.init_app(app, database)
    request_log.init_app(app)
    app.register_error_handler(RagAskError, _known_error)
    app.register_error_handler(SiteMoved, _moved)
    app.register_error_handler(RateLimitExceeded, _rate_limited)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unknown_error)
    traces.configure(settings.traces)
    database.open()
    return app


def _known_error(error: RagAskError) -> Response:
    response = _response(errors.body(error), error.status)
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _moved(error: SiteMoved) -> Response:
    try:
        return forward.forward(error)
    except RagAskError as reason:
        return _known_error(reason)


def _rate_limited(_error_: RateLimitExceeded) -> Response:
    RATE_LIMITED.inc()
    return _error("rate_limited", 429, "Too many questions at once. Wait for the time in Retry-After and ask again.")


def _http_error(error: HTTPException) -> Response:
    status_code = error.code or 500
    response = _error(HTTP_CODES.get(status_code, "invalid_request"), status_code, error.description or error.name)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unknown_error(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return _error("internal_error", 500, "The sidecar failed; its log says why. Try again in a moment.")


def _error(code: str, status_code: int, message: str) -> Response:
    return _response({"error": {"code": code, "message": message}}, status_code)


def _response(body: dict[str, Any], status_code: int) -> Response:
    body["error"]["request_id"] = request_log.request_id()
    response = jsonify(body)
    response.status_code = status_code
    return response
