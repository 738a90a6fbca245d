"""Housekeeping: what has had its time is deleted, by whichever worker comes first."""

from __future__ import annotations

import logging
import threading

from rag_ask import questions
from rag_ask.database import Conn, Database
from rag_ask.errors import DatabaseUnavailable

log = logging.getLogger(__name__)

PAUSE_S = 300.0
MAX_ANSWERS = 10_000

# Those of a generation that is gone hold what was withdrawn, and are never asked for again.
DELETE_ANSWERS = """
DELETE FROM answers USING (
  SELECT site_id, key, row_number() OVER (PARTITION BY site_id, kept IS NULL ORDER BY created_at DESC) AS place
  FROM answers
) AS placed, sites
WHERE placed.site_id = answers.site_id AND placed.key = answers.key AND sites.site_id = answers.site_id
  AND (answers.expires_at < now() OR place > %s
       OR (answers.generation < sites.generation AND answers.kept IS NOT NULL))
"""


def run(database: Database, stop: threading.Event) -> None:
    """Tidy up now and every five minutes until told to stop."""
    while not stop.is_set():
        try:
            with database.system() as connection:
                tidy(connection)
        except DatabaseUnavailable as error:
            log.warning("housekeeping: %s", error.message)
        except Exception:
            log.exception("housekeeping")
        stop.wait(PAUSE_S)


def tidy(connection: Conn) -> None:
    """Delete kept answers and questions whose time is over, of all sites. One process at a time."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('rag_ask.tidy', 0)) AS mine").fetchone()
    if row and row["mine"]:
        connection.execute(DELETE_ANSWERS, (MAX_ANSWERS,))
        questions.tidy(connection)
