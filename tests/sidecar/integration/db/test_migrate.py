"""Migrations: once each, whoever runs them how often."""

import threading

import psycopg
import pytest

from rag_ask.api.routes.health import database_problems
from rag_ask.db import migrate
from rag_ask.db.database import MIN_PGVECTOR, Database


@pytest.fixture
def empty_url(database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS migrate_test")
        connection.execute("CREATE DATABASE migrate_test")
    return database_url.replace("/postgres?", "/migrate_test?")


def test_twice_and_twice_at_once(empty_url):
    names = migrate.missing(empty_url)
    assert names[0] == "0001-sites"
    applied = []
    runs = [threading.Thread(target=lambda: applied.extend(migrate.migrate(empty_url))) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert applied == names
    assert migrate.migrate(empty_url) == []
    assert migrate.missing(empty_url) == []


def test_database_that_is_not_migrated_is_named(empty_url):
    database = Database(empty_url, max_size=1, statement_timeout_s=10)
    database.open()
    with database.system() as connection:
        assert database_problems(connection) == ["The database has no tables yet. Run: rag-ask migrate"]
    migrate.migrate(empty_url)
    with database.system() as connection:
        assert database_problems(connection) == []
    database.close()


def test_old_pgvector_is_refused(database, monkeypatch):
    monkeypatch.setattr("rag_ask.api.routes.health.MIN_PGVECTOR", (MIN_PGVECTOR[0], MIN_PGVECTOR[1] + 90, 0))
    with database.system() as connection:
        assert "pgvector" in database_problems(connection)[0]


def test_chunks_keep_their_vectors_in_the_row(database):
    with database.system() as connection:
        rows = connection.execute(
            "SELECT attstorage FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
            "WHERE attname = 'embedding' AND relname LIKE 'chunks%' AND relkind IN ('r', 'p')"
        ).fetchall()
    assert {row["attstorage"] for row in rows} == {"p"}
    assert len(rows) == 17
