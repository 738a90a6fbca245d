"""Question log: the rows of what was asked wait a moment and are written together, so that none costs a transaction."""

from __future__ import annotations

import threading
import time
from typing import Any, LiteralString

import structlog
from psycopg.types.json import Jsonb

from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable
from rag_ask.providers.usage import COUNT_QUESTIONS

log = structlog.get_logger(__name__)

# A process that is killed loses the rows of so long.
WRITE_EVERY_S = 0.5
# Whoever comes then writes them himself.
MAX_WAITING = 1000
# While the database is away. Half of them leaves room for those who come meanwhile.
MAX_KEPT = MAX_WAITING // 2
TRY_AGAIN_S = 5.0

# What was asked before the site was purged is deleted with the rest, and what a removed site of the same id was asked:
# the question saw another `purged_at` or incarnation. No clock but the database's is asked.
INSERT: LiteralString = """
INSERT INTO questions (site_id, id, asked_at, question, answer, outcome, confidence, document_ids, model, is_cached,
                       latency_ms, first_word_ms)
SELECT site_id, id, now() - make_interval(secs => age_s), CASE WHEN question_days > 0 THEN question END,
       CASE WHEN question_days > 0 THEN answer END, outcome, confidence, document_ids, model, is_cached, latency_ms,
       first_word_ms
FROM sites, jsonb_to_recordset(%(rows)s) AS asked (
  id uuid, age_s float8, incarnation uuid, purged_at timestamptz, question text, answer text, outcome text,
  confidence float8, document_ids bigint[], model text, is_cached boolean, latency_ms int, first_word_ms int
)
WHERE site_id = %(site_id)s AND sites.incarnation = asked.incarnation
  AND sites.purged_at IS NOT DISTINCT FROM asked.purged_at
"""

# Nobody waits for the disk: after a crash of the database server, the last half second may be missing.
SOON: LiteralString = "SET LOCAL synchronous_commit = off"


class QuestionLog:
    """Counts questions and keeps their rows. One a process; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[str, dict[str, Any] | None]] = []
        self._is_due = False
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def add(self, site_id: str, row: dict[str, Any] | None) -> None:
        """Count a question of this site; its row, if any, is made of JSON. asked_s: on the monotonic clock."""
        with self._lock:
            self._waiting.append((site_id, row))
            is_full = len(self._waiting) > MAX_WAITING
            is_first, self._is_due = not self._is_due, True
        if is_full:
            self.flush()
        elif is_first:
            self._flush_in(WRITE_EVERY_S)

    def flush(self, max_kept: int = MAX_KEPT) -> None:
        """Write what waits, and wait for who writes already. A failure costs the counts and the rows alone.

        When the database is away, max_kept of them (0 at the end) wait for the next try; none when it was closed.
        """
        with self._writing:
            with self._lock:
                waiting, self._waiting, self._is_due = self._waiting, [], False
            for site_id in dict.fromkeys(site_id for site_id, _ in waiting):
                mine = [asked for asked in waiting if asked[0] == site_id]
                waiting = [asked for asked in waiting if asked[0] != site_id]
                try:
                    self._write(site_id, [row for _, row in mine])
                except DatabaseUnavailable as error:
                    # Each further site would wait as long. This one comes last: its own rows may be the reason.
                    self._keep(waiting + mine, max_kept, error)
                    return
                except Exception:
                    log.exception("questions.write", site=site_id, count=len(mine))

    def _keep(self, waiting: list[tuple[str, dict[str, Any] | None]], count: int, error: DatabaseUnavailable) -> None:
        kept = [] if self._database.is_closed() else waiting[:count]
        with self._lock:
            self._waiting = kept + self._waiting
            is_first = bool(kept) and not self._is_due
            self._is_due = self._is_due or is_first
        log.warning("questions.wait", reason=error.message, waiting=len(kept), dropped=len(waiting) - len(kept))
        if is_first:
            self._flush_in(TRY_AGAIN_S)

    def _flush_in(self, seconds: float) -> None:
        def flush() -> None:
            time.sleep(seconds)
            self.flush()

        threading.Thread(target=flush, name="questions", daemon=True).start()

    def _write(self, site_id: str, rows: list[dict[str, Any] | None]) -> None:
        now_s = time.monotonic()
        aged = [row | {"age_s": now_s - row["asked_s"]} for row in rows if row]
        values = {"site_id": site_id, "count": len(rows), "rows": Jsonb(aged)}
        self._database.tenant_at_once(site_id, f"{SOON};{COUNT_QUESTIONS};{INSERT}", values)
