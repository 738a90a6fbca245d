"""Request log: an id for each request, and one line about it once its answer has gone out."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from rag_ask import traces

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
LOGGED = ("/v1/", "/mcp")
# A proxy in front may have given one; whatever else is sent there is not repeated.
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


def init_app(app: Flask) -> None:
    """Give each request an id that its response, its error and its lines in the log carry."""
    app.before_request(_begin)
    app.after_request(_mark)


def request_id() -> str:
    """The id of this request."""
    return str(g.request_id)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if GIVEN.fullmatch(given) else uuid4().hex
    g.started = time.monotonic()
    # The thread has handled other requests before.
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if traces.is_on() and request.path.startswith(LOGGED):
        route = request.url_rule.rule if request.url_rule else ""
        about = {"http.request.method": request.method, "rag_ask.request_id": g.request_id}
        g.end_span = traces.served(f"{request.method} {route}", dict(request.headers), about)


def _mark(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    method, started = request.method, g.started
    # The pattern of the route: a path may hold anything.
    route = request.url_rule.rule if request.url_rule else ""
    # Probes come every few seconds.
    write = log.info if route.startswith(LOGGED) else log.debug

    def done() -> None:
        latency_ms = round(1000 * (time.monotonic() - started))
        write("request", method=method, route=route, status=response.status_code, latency_ms=latency_ms)

    response.call_on_close(done)
    if traces.is_on() and "end_span" in g:
        end_span, status = g.end_span, response.status_code
        response.call_on_close(lambda: end_span({"http.response.status_code": status, "http.route": route}))
    return response
