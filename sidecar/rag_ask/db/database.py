"""Database: two bounded pools, one transaction per block, and row-level security per site."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, LiteralString, TypeVar

from psycopg import ClientCursor, OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import DiskFull
from psycopg.rows import DictRow
from psycopg.sql import SQL, Literal
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from rag_ask.db import connections, roles, site_lock
from rag_ask.db.connections import Conn as Conn
from rag_ask.db.standbys import Standbys
from rag_ask.errors import DatabaseFull, DatabaseUnavailable
from rag_ask.settings import Settings

POOL_TIMEOUT_S = 3.0

# One round trip, without parameters. Set in each transaction, because a pooler drops what a connection is opened with.
BEGIN = "BEGIN; SET LOCAL statement_timeout = {timeout_ms}; SET LOCAL lock_timeout = 10000"
BOUNDS = "SET statement_timeout = {timeout_ms}; SET lock_timeout = 10000"
SPEAK_FOR = "; SET LOCAL rag_ask.site_id = {site_id}; SET LOCAL rag_ask.proof = {proof}"
# Where statements are prepared, one plan serves every site. Without statistics of the site it is too sure of itself to
# choose nested loops.
SHARE_PLANS = b"; SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_nestloop = off"
STATE = "SELECT site_id, generation, push_generation, incarnation FROM sites WHERE site_id = %s"

# So many sites' beginnings of a transaction are kept.
KEPT_SITES = 1000

Result = TypeVar("Result")


class Database:
    """A pool for each role of the database. They open at first use, so that every process gets its own after a fork.

    tenant_size, system_size: how many connections there are of each role at most. name: the connections' name in
    pg_stat_activity.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tenant_size: int,
        system_size: int,
        statement_timeout_s: int,
        name: str = "rag-ask",
    ) -> None:
        tenant = make_conninfo(roles.tenant(settings).conninfo, application_name=name)
        system = make_conninfo(roles.system(settings).conninfo, application_name=name)
        self._tenant_pool = connections.pool(tenant, tenant_size, POOL_TIMEOUT_S)
        timeout_ms = statement_timeout_s * 1000
        bounds = BOUNDS.format(timeout_ms=timeout_ms)
        self._system_pool = connections.pool(system, system_size, POOL_TIMEOUT_S, bounds)
        self._standbys = Standbys(tenant, tenant_size) if "," in str(conninfo_to_dict(tenant).get("host")) else None
        self._begin = BEGIN.format(timeout_ms=timeout_ms).encode()
        self._begin_for = lru_cache(KEPT_SITES)(self._beginning_for)
        self._site_key = site_lock.key(settings.secret)
        self._full_at = float("-inf")

    def open(self) -> None:
        """Start the pools' threads. Does not wait for a connection."""
        self._tenant_pool.open()
        self._system_pool.open()
        if self._standbys:
            self._standbys.open()

    def close(self) -> None:
        """Close every connection; bounded."""
        self._tenant_pool.close(timeout=5)
        self._system_pool.close(timeout=5)
        if self._standbys:
            self._standbys.close()

    def is_closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._tenant_pool.closed

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
        with self._transaction(self._tenant_pool, self._begin_for(site_id)) as connection:
            yield connection

    def system_at_once(self, statement: LiteralString, values: Mapping[str, Any]) -> list[DictRow]:
        """The rows of a transaction of this one statement, in one round trip. Raises what `system` does."""
        with self._connection(self._system_pool) as connection:
            if connections.prepares(connection):
                return connection.execute(statement, values, prepare=True).fetchall()
            return _at_once(connection, self._begin, statement, values)

    def tenant_at_once(self, site_id: str, statement: LiteralString, values: Mapping[str, Any]) -> list[DictRow]:
        """The rows of a transaction of this one statement, in one round trip. Raises what `tenant` does.

        Statements may be several, with semicolons; the rows are then those of the first that has any.
        """
        with self._connection(self._tenant_pool) as connection:
            return _at_once(connection, self._begin_for(site_id), statement, values)

    def read(self, site_id: str, work: Callable[[Conn], Result]) -> Result:
        """What `work` returns, which only reads: at a standby that has all of the site, or else at the primary.

        It is called again when the standby fails. Raises what `tenant` does.
        """
        begin = self._begin_for(site_id)
        if self._standbys:
            with self.tenant(site_id) as connection:
                site = connection.execute(STATE, (site_id,)).fetchone()
            found = site and self._standbys.read(begin, site, work)
            if found:
                return found[0]
        with self._transaction(self._tenant_pool, begin, shares_plans=True) as connection:
            return work(connection)

    def _beginning_for(self, site_id: str) -> bytes:
        proof = site_lock.proof(self._site_key, site_id)
        return self._begin + SQL(SPEAK_FOR).format(site_id=Literal(site_id), proof=Literal(proof)).as_bytes()

    @contextmanager
    def _transaction(self, pool: ConnectionPool[Conn], begin: bytes, *, shares_plans: bool = False) -> Iterator[Conn]:
        with self._connection(pool) as connection:
            connection.execute(begin + SHARE_PLANS if shares_plans and connections.prepares(connection) else begin)
            yield connection

    @contextmanager
    def _connection(self, pool: ConnectionPool[Conn]) -> Iterator[Conn]:
        try:
            # The pool commits, or rolls back after an error.
            with pool.connection() as connection:
                yield connection
        except DiskFull as error:
            self._full_at = time.monotonic()
            raise DatabaseFull from error
        except (PoolTimeout, TooManyRequests, OperationalError) as error:
            raise DatabaseUnavailable from error


def _at_once(connection: Conn, begin: bytes, statement: LiteralString, values: Mapping[str, Any]) -> list[DictRow]:
    # The server takes several statements at a time only without parameters: this cursor quotes the values.
    cursor = ClientCursor(connection, row_factory=connection.row_factory)
    cursor.execute(b"%s; %s; COMMIT" % (begin, statement.encode()), values)
    return next((found.fetchall() for found in cursor.results() if found.pgresult and found.pgresult.nfields), [])
