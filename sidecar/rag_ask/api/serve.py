"""Serve: the web application under gunicorn, with threads that can each hold a stream."""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead

from rag_ask import logs
from rag_ask.api.app import create_app
from rag_ask.db import incarnation
from rag_ask.db.database import Database
from rag_ask.providers.chat.base import TOTAL_TIMEOUT_S
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

MAX_CONNECTIONS = 4096
# After a reload or a stop: the longest answer, and what comes before and after the model.
GRACE_S = int(TOTAL_TIMEOUT_S) + 10
# Files of a process beside its visitors' connections: database, Redis, model servers, logs.
OTHER_FILES = 256


class ServerLog(Logger):  # type: ignore[misc]
    """gunicorn's own messages, through our handler."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class ServerArbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's first process. Its own reload forks the code that it began with; this one begins anew."""

    def handle_hup(self) -> None:
        """Called by gunicorn: run what is installed now, as the same process with the same sockets.

        Whoever connects meanwhile waits. The workers finish their answers, and are reaped by the process to come.
        """
        self.kill_workers(signal.SIGTERM)
        listeners = ",".join(str(listener.fileno()) for listener in self.LISTENERS)
        # By these gunicorn takes sockets over.
        os.environ |= {"GUNICORN_PID": str(self.pid), "GUNICORN_FD": listeners}
        # A second reload must not end what does not listen to it yet.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606, its own command line


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
            "graceful_timeout": GRACE_S,
            "keepalive": 5,
            "limit_request_line": 4094,
            "logger_class": ServerLog,
            "loglevel": self._settings.log_level.lower(),
            "proc_name": "rag-ask",
            "control_socket_disable": True,
            "worker_exit": _write_what_was_asked,
        }
        if self._settings.prometheus_multiproc_dir:
            options["child_exit"] = _forget_process
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until told to stop."""
        ServerArbiter(self).run()

    def load(self) -> Flask:
        """Called by gunicorn in each worker process."""
        return create_app(self._settings)


def _write_what_was_asked(_server: Any, worker: Any) -> None:
    """Called by gunicorn in a process that ends."""
    if app := getattr(worker, "wsgi", None):
        app.extensions["rag_ask"].question_log.flush(max_kept=0)


def _forget_process(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a process has ended: what it was doing is done by nobody."""
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


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
    logs.configure(settings.log_level)
    # Before the fork, so that the refusal is printed once; closed before it too.
    database = Database(settings, tenant_size=1, system_size=1, statement_timeout_s=10)
    database.open()
    try:
        Embedders(settings).check_start(database)
        incarnation.check_start(database)
    finally:
        database.close()
    if settings.prometheus_multiproc_dir:
        for counted in Path(settings.prometheus_multiproc_dir).glob("*.db"):
            counted.unlink()
    Server(settings).run()
