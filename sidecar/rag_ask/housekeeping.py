"""Housekeeping, site by site: expired rows, files to look at again, postings of large sites, headings."""

from __future__ import annotations

import threading

import structlog

from rag_ask.answering.read_line import ReadLine
from rag_ask.db import locks, sites
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable
from rag_ask.indexing import postings, queue
from rag_ask.insights import headings, questions

log = structlog.get_logger(__name__)

PAUSE_S = 300.0
MAX_ANSWERS = 10_000

# Those of a generation that is gone hold what was withdrawn, and are never asked for again.
DELETE_ANSWERS = """
DELETE FROM answers USING sites
WHERE answers.site_id = %(site_id)s AND sites.site_id = answers.site_id AND (
  answers.expires_at < now()
  OR (answers.generation < sites.generation AND answers.kept IS NOT NULL)
  OR answers.created_at <= (
    SELECT created_at FROM answers AS newer WHERE newer.site_id = %(site_id)s
    ORDER BY created_at DESC OFFSET %(max)s LIMIT 1
  )
)
"""


def run(database: Database, quoting: ReadLine, stop: threading.Event) -> None:
    """Delete expired rows, write postings and try headings now and every five minutes until told to stop.

    quoting: answers without a model.
    """
    while not stop.is_set():
        try:
            delete_expired(database, stop)
            write_postings(database, stop)
            try_headings(quoting, stop)
        except DatabaseUnavailable as error:
            log.warning("housekeeping", reason=error.message)
        except Exception:
            log.exception("housekeeping")
        stop.wait(PAUSE_S)


def delete_expired(database: Database, stop: threading.Event) -> None:
    """Delete expired answers and questions. Raises DatabaseUnavailable."""
    with database.system() as connection:
        site_ids = [site.site_id for site in sites.every(connection)]
    for site_id in site_ids:
        if stop.is_set():
            return
        delete_expired_of_site(database, site_id)


def write_postings(database: Database, stop: threading.Event) -> None:
    """Write the postings of large sites that are due. Raises DatabaseUnavailable."""
    with database.system() as connection:
        site_ids = postings.sites_to_look_at(connection)
    for site_id in site_ids:
        if stop.is_set():
            return
        postings.refresh(database, site_id)


def try_headings(quoting: ReadLine, stop: threading.Event) -> None:
    """Ask the headings that are new as questions. Raises DatabaseUnavailable."""
    with quoting.database.system() as connection:
        known = sites.every(connection)
    for site in known:
        if stop.is_set():
            return
        headings.try_site(quoting, site, stop)


def delete_expired_of_site(database: Database, site_id: str) -> None:
    """The same for one site, unless another process does it now."""
    with database.tenant(site_id) as connection:
        if locks.try_housekeeping(connection, site_id):
            connection.execute(DELETE_ANSWERS, {"site_id": site_id, "max": MAX_ANSWERS})
            questions.delete_expired(connection, site_id)
            queue.look_again(connection, site_id)
