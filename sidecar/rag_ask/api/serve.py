"""Serve: the web application under gunicorn, with threads that can each hold a stream."""

from __future__ import annotations

import resource
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from rag_ask.api.app import create_app
from rag_ask.db import incarnation
from rag_ask.db.database import Database
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

MAX_CONNECTIONS = 4096
# Files of a process beside its visitors' connections: database, Redis, model servers, logs.
OTHER_FILES = 256


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn configured from our settings; each process builds its own application after the fork."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.max_body_bytes = settings.max_body_bytes
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        options: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            # Sync workers are killed in the middle of a long stream; threads are not.
            "worker_class": "rag_ask.api.connections.BufferingWorker",
            "worker_connections": max_connections(self._settings.web_threads),
            "workers": self._settings.web_processes,
            "threads": self._settings.web_threads,
            "timeout": 30,
            "graceful_timeout": 30,
            "keepalive": 5,
            "limit_request_line": 4094,
            "loglevel": self._settings.log_level.lower(),
            "proc_name": "rag-ask",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Called by gunicorn in each worker process."""
        return create_app(self._settings)


def max_connections(threads: int) -> int:
    """How many connections a process holds: as many as the limit of open files lets it, which is raised if it may be.

    A thread may hold a connection to the database, one to Redis and one to a model beside its visitor's.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + OTHER_FILES + 3 * threads
    if soft < wanted and soft != resource.RLIM_INFINITY:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(2 * threads, min(MAX_CONNECTIONS, soft - OTHER_FILES - 3 * threads))


def run(settings: Settings) -> None:
    """Serve until told to stop.

    Raises at once EmbedderMismatch when the stored texts were embedded by another embedder, ModelMissing.
    """
    # Before the fork, so that the refusal is printed once; closed before it too.
    database = Database(settings, tenant_size=1, system_size=1, statement_timeout_s=10)
    database.open()
    try:
        Embedders(settings).check_start(database)
        incarnation.check_start(database)
    finally:
        database.close()
    Server(settings).run()
