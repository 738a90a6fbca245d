"""Connections: two bounded pools, one transaction per block, and row-level security per site."""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pgvector.psycopg import register_vector
from psycopg import Connection, OperationalError
from psycopg.errors import DiskFull
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Composed, Literal
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from rag_ask.db import roles, site_lock
from rag_ask.errors import DatabaseFull, DatabaseUnavailable
from rag_ask.settings import Settings

MIN_PGVECTOR = (0, 8, 4)
POOL_TIMEOUT_S = 3.0

# One round trip, without parameters. Set in each transaction, because a pooler drops what a connection is opened with.
BEGIN = "BEGIN; SET LOCAL statement_timeout = {timeout_ms}; SET LOCAL lock_timeout = 10000"
# A vector index reads on where documents may not be read, but not for long: the search is exact then.
SPEAK_FOR = """;
SET LOCAL rag_ask.site_id = {site_id}; SET LOCAL rag_ask.proof = {proof}; SET LOCAL hnsw.ef_search = 200;
SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.max_scan_tuples = 2000
"""

Conn = Connection[DictRow]


class Database:
    """A pool for each role of the database. They open at first use, so that every process gets its own after a fork.

    tenant_size, system_size: how many connections there are of each role at most.
    """

    def __init__(self, settings: Settings, *, tenant_size: int, system_size: int, statement_timeout_s: int) -> None:
        self._tenant_pool = _pool(roles.tenant(settings).conninfo, tenant_size)
        self._system_pool = _pool(roles.system(settings).conninfo, system_size)
        self._begin = SQL(BEGIN).format(timeout_ms=Literal(statement_timeout_s * 1000))
        self._site_key = site_lock.key(settings.secret)
        self._full_at = float("-inf")

    def open(self) -> None:
        """Start the pools' threads. Does not wait for a connection."""
        self._tenant_pool.open()
        self._system_pool.open()

    def close(self) -> None:
        """Close every connection; bounded."""
        self._tenant_pool.close(timeout=5)
        self._system_pool.close(timeout=5)

    def was_full_within(self, seconds: float) -> bool:
        """Whether this process could not write so lately, because the disk was full."""
        return time.monotonic() < self._full_at + seconds

    @contextmanager
    def system(self) -> Iterator[Conn]:
        """A transaction that sees every site: keys, the queue.

        Raises DatabaseUnavailable when no connection is to be had or it breaks, DatabaseFull when the disk is full.
        """
        with self._transaction(self._system_pool, self._begin) as connection:
            yield connection

    @contextmanager
    def tenant(self, site_id: str) -> Iterator[Conn]:
        """A transaction that sees one site only: row-level security holds even where a WHERE is forgotten.

        Raises DatabaseUnavailable when no connection is to be had or it breaks, DatabaseFull when the disk is full.
        """
        proof = site_lock.proof(self._site_key, site_id)
        speak_for = SQL(SPEAK_FOR).format(site_id=Literal(site_id), proof=Literal(proof))
        with self._transaction(self._tenant_pool, self._begin + speak_for) as connection:
            yield connection

    @contextmanager
    def _transaction(self, pool: ConnectionPool[Conn], begin: Composed) -> Iterator[Conn]:
        try:
            # The pool commits, or rolls back after an error.
            with pool.connection() as connection:
                connection.execute(begin)
                yield connection
        except DiskFull as error:
            self._full_at = time.monotonic()
            raise DatabaseFull from error
        except (PoolTimeout, TooManyRequests, OperationalError) as error:
            raise DatabaseUnavailable from error


def _pool(conninfo: str, max_size: int) -> ConnectionPool[Conn]:
    return ConnectionPool(
        conninfo,
        connection_class=Connection[DictRow],
        kwargs={
            "row_factory": dict_row,
            # BEGIN goes with what a transaction begins with.
            "autocommit": True,
            # A prepared statement falls back to a generic plan that ignores the size of the site.
            "prepare_threshold": None,
            "connect_timeout": roles.CONNECT_TIMEOUT_S,
        },
        configure=_configure,
        check=_check,
        min_size=1,
        max_size=max_size,
        timeout=POOL_TIMEOUT_S,
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


def _configure(connection: Connection[Any]) -> None:
    # Before the first migration there is no vector type to register.
    if pgvector_version(connection):
        register_vector(connection)
