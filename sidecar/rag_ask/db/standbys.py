"""Standbys: copies of the database that answer questions, as far as they have what the asker's site wrote."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from psycopg import OperationalError
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow
from psycopg_pool import PoolTimeout, TooManyRequests

from rag_ask.db import connections
from rag_ask.db.connections import Conn

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

# The primary answers meanwhile, so nobody waits for long.
WAIT_S = 0.2
PAUSE_S = 5.0
IS_CURRENT = """
SELECT FROM sites
WHERE site_id = %(site_id)s AND incarnation = %(incarnation)s
  AND generation >= %(generation)s AND push_generation >= %(push_generation)s
"""


class Standbys:
    """A pool of connections to the standbys among the hosts of a URL. It opens at first use."""

    def __init__(self, conninfo: str, max_size: int) -> None:
        reading = make_conninfo(conninfo, target_session_attrs="standby", load_balance_hosts="random")
        self._pool = connections.pool(reading, max_size, timeout_s=WAIT_S)
        self._paused_until = float("-inf")

    def open(self) -> None:
        """Start the pool's threads. Does not wait for a connection."""
        self._pool.open()

    def close(self) -> None:
        """Close every connection; bounded."""
        self._pool.close(timeout=5)

    def read(self, begin: bytes, site: DictRow, work: Callable[[Conn], Result]) -> tuple[Result] | None:
        """What `work` returns at a standby; None when none answers, or has less than `site` has at the primary."""
        if time.monotonic() < self._paused_until:
            return None
        try:
            with self._pool.connection() as connection:
                connection.execute(begin)
                return (work(connection),) if connection.execute(IS_CURRENT, site).rowcount else None
        except (PoolTimeout, TooManyRequests, OperationalError) as error:
            self._paused_until = time.monotonic() + PAUSE_S
            log.warning("standby.left_out", seconds=PAUSE_S, reason=str(error))
            return None
