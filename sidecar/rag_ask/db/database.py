"""Connections: a bounded pool, one transaction per block, and row-level security per site."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pgvector.psycopg import register_vector
from psycopg import Connection, OperationalError
from psycopg.errors import DiskFull
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from rag_ask.errors import DatabaseFull, DatabaseUnavailable

MIN_PGVECTOR = (0, 8, 4)
POOL_TIMEOUT_S = 3.0
CONNECT_TIMEOUT_S = 3

Conn = Connection[DictRow]


class Database:
    """A pool that opens at first use, so that every process gets its own after a fork."""

    def __init__(self, url: str, *, max_size: int, statement_timeout_s: int) -> None:
        self._pool: ConnectionPool[Conn] = ConnectionPool(
            url,
            connection_class=Connection[DictRow],
            kwargs={
                "row_factory": dict_row,
                # A prepared statement falls back to a generic plan that ignores the size of the site.
                "prepare_threshold": None,
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": f"-c statement_timeout={statement_timeout_s * 1000} -c lock_timeout=10000",
            },
            configure=_configure,
            check=ConnectionPool.check_connection,
            min_size=1,
            max_size=max_size,
            timeout=POOL_TIMEOUT_S,
            max_waiting=64,
            reconnect_timeout=5,
            open=False,
        )
        self._full_at = float("-inf")

    def open(self) -> None:
        """Start the pool's threads. Does not wait for a connection."""
        self._pool.open()

    def close(self) -> None:
        """Close every connection; bounded."""
        self._pool.close(timeout=5)

    def was_full_within(self, seconds: float) -> bool:
        """Whether this process could not write so lately, because the disk was full."""
        return time.monotonic() < self._full_at + seconds

    @contextmanager
    def system(self) -> Iterator[Conn]:
        """A transaction that sees every site: keys, migrations, the queue.

        Raises DatabaseUnavailable when no connection is to be had or it breaks, DatabaseFull when the disk is full.
        """
        try:
            with self._pool.connection() as connection, connection.transaction():
                yield connection
        except DiskFull as error:
            self._full_at = time.monotonic()
            raise DatabaseFull from error
        except (PoolTimeout, TooManyRequests, OperationalError) as error:
            raise DatabaseUnavailable from error

    @contextmanager
    def tenant(self, site_id: str) -> Iterator[Conn]:
        """A transaction that sees one site only: row-level security holds even where a WHERE is forgotten.

        Raises DatabaseUnavailable when no connection is to be had or it breaks.
        """
        with self.system() as connection:
            connection.execute("SELECT set_config('rag_ask.site_id', %s, true)", (site_id,))
            connection.execute("SET LOCAL ROLE rag_ask_tenant")
            yield connection


def pgvector_version(connection: Conn) -> tuple[int, ...]:
    """The installed pgvector, as numbers; empty when the extension is not there."""
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    return tuple(int(part) for part in row["extversion"].split(".")) if row else ()


def _configure(connection: Connection[Any]) -> None:
    # Before the first migration there is no vector type to register.
    if pgvector_version(connection):
        register_vector(connection)
    connection.commit()
