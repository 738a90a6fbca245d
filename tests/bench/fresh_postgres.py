"""A Postgres of one's own for as long as a measurement lasts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from rag_ask import logs
from rag_ask.db import embedded_postgres, migrate
from rag_ask.db.database import Database
from rag_ask.settings import Settings

SECRET = b"a test secret of more than thirty-two bytes"


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """The URL of a new Postgres with all tables, and the roles of SECRET."""
    # Figures go to stdout, and each document that is indexed is no news.
    logs.configure("WARNING")
    with tempfile.TemporaryDirectory() as folder:
        # Postgres runs as a user of its own and must reach its data.
        Path(folder).chmod(0o755)
        data = Path(folder) / "postgres"
        url = embedded_postgres.start(data)
        try:
            migrate.migrate(Settings(url, SECRET))
            yield url
        finally:
            embedded_postgres.stop(data)


def server_pid(url: str) -> int:
    """The process of the server at this URL, parent of all its others."""
    with psycopg.connect(url) as connection:
        [row] = connection.execute("SHOW data_directory").fetchall()
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


@contextmanager
def fresh_database() -> Iterator[Database]:
    """The pools of a new Postgres."""
    with fresh_postgres() as url:
        database = Database(Settings(url, SECRET), tenant_size=3, system_size=2, statement_timeout_s=60)
        database.open()
        try:
            yield database
        finally:
            database.close()
