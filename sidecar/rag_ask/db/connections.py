"""Connections: a bounded pool of them to one role."""

from __future__ import annotations

import select
import sys
from functools import partial
from typing import Any

from pgvector.psycopg import register_vector
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from rag_ask.db import roles

MIN_PGVECTOR = (0, 8, 4)

Conn = Connection[DictRow]


def pool(conninfo: str, max_size: int, timeout_s: float, bounds: str = "") -> ConnectionPool[Conn]:
    """Opens at first use. timeout_s: for how long somebody waits for a connection.

    bounds: settings of a direct connection, for statements outside of a transaction.
    """
    return ConnectionPool(
        conninfo,
        connection_class=Connection[DictRow],
        kwargs={
            "row_factory": dict_row,
            # BEGIN goes with what a transaction begins with.
            "autocommit": True,
            "prepare_threshold": None,
            "connect_timeout": roles.CONNECT_TIMEOUT_S,
        },
        configure=partial(_configure, bounds),
        check=_check,
        min_size=1,
        max_size=max_size,
        timeout=timeout_s,
        max_waiting=64,
        reconnect_timeout=5,
        open=False,
    )


def _check(connection: Conn) -> None:
    """Ask the server only where an idle connection has something to read: a server that ends it hangs up."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)


def pgvector_version(connection: Conn) -> tuple[int, ...]:
    """The installed pgvector, as numbers; empty when the extension is not there."""
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    return tuple(int(part) for part in row["extversion"].split(".")) if row else ()


def _configure(bounds: str, connection: Connection[Any]) -> None:
    # Before the first migration there is no vector type to register.
    if pgvector_version(connection):
        register_vector(connection)
    if is_direct(connection):
        connection.execute(bounds.encode())
        # Only what says so is prepared: the plan is then the same for every site.
        connection.prepare_threshold = sys.maxsize


def prepares(connection: Connection[Any]) -> bool:
    """Whether this connection of a pool is direct, so that statements can be prepared on it."""
    return connection.prepare_threshold is not None


def is_direct(connection: Connection[Any]) -> bool:
    """Whether no pooler stands between: it would lose prepared statements, and gives an id of its own."""
    row = connection.execute("SELECT pg_backend_pid() AS pid").fetchone()
    return row is not None and row["pid"] == connection.info.backend_pid
