"""CORS: only pages of registered sites may read answers."""

from __future__ import annotations

import time

from flask import Flask, Response, request
from flask_cors import cross_origin

from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError

ORIGINS_MAX_AGE_S = 10.0
# What pages call.
PATHS = ("/v1/ask", "/v1/search", "/v1/feedback", "/v1/probe", "/v1/token")


class Origins:
    """The origins of all sites, read anew at most every ten seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._origins: list[str] = []
        self._read_at = float("-inf")

    def current(self) -> list[str]:
        """Empty when the database has not answered yet."""
        if time.monotonic() - self._read_at > ORIGINS_MAX_AGE_S:
            try:
                with self._database.system() as connection:
                    self._origins = sorted({o for site in sites.every(connection) for o in site.origins})
            except RagAskError:
                return self._origins
            self._read_at = time.monotonic()
        return self._origins


def init_app(app: Flask, database: Database) -> None:
    """Answer preflights and mark the responses of the routes that pages call."""
    origins = Origins(database)

    @app.after_request
    def allow_registered_origins(response: Response) -> Response:
        if request.path not in PATHS:
            return response
        response.vary.add("Origin")
        registered = origins.current() if "Origin" in request.headers else []
        if not registered:
            return response
        # Flask-CORS reads its origins once, at start; sites come and go, so it is asked for each request.
        allow = cross_origin(
            origins=registered,
            methods=["POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After", "X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"],
            max_age=600,
            automatic_options=False,
        )
        return allow(lambda: response)()
