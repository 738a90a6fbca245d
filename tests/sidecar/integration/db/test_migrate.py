"""Migrations: once each, whoever runs them how often."""

import re
import threading
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row
from yoyo import read_migrations

from fakes.wordpress import SECRET
from rag_ask.api.routes.health import database_problems
from rag_ask.cli.check import problems
from rag_ask.db import migrate
from rag_ask.db.connections import MIN_PGVECTOR
from rag_ask.settings import Settings


@pytest.fixture
def empty(empty_url):
    return Settings(empty_url, SECRET, embedder="local-en")


def missing(url):
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return migrate.missing(connection)


def test_twice_and_twice_at_once(empty, empty_url):
    names = missing(empty_url)
    assert names[0] == "0001-sites"
    applied = []
    runs = [threading.Thread(target=lambda: applied.extend(migrate.migrate(empty))) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert applied == names
    assert migrate.migrate(empty) == []
    assert missing(empty_url) == []


def test_database_that_is_not_migrated_is_named(empty, empty_url):
    [problem] = problems(empty)
    assert "un: rag-ask migrate" in problem
    migrate.migrate(empty)
    assert problems(empty) == []
    with psycopg.connect(empty_url) as connection:
        connection.execute("DELETE FROM _yoyo_migration WHERE migration_id >= '0045'")
    [problem] = problems(empty)
    assert "0045-question-cost, 0046" in problem


def test_old_pgvector_is_refused(database, monkeypatch):
    monkeypatch.setattr("rag_ask.api.routes.health.MIN_PGVECTOR", (MIN_PGVECTOR[0], MIN_PGVECTOR[1] + 90, 0))
    assert "pgvector" in database_problems(database)[0]


def test_chunks_keep_their_vectors_in_the_row(database):
    with database.system() as connection:
        rows = connection.execute(
            "SELECT attstorage FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
            "WHERE attname = 'embedding' AND relname LIKE 'chunks%' AND relkind IN ('r', 'p')"
        ).fetchall()
    assert {row["attstorage"] for row in rows} == {"p"}
    assert len(rows) == 17


def test_marks_in_old_texts_become_kinds(empty, empty_url):
    """Before 0050 each line of metadata began with an invisible character."""
    with migrate._backend(empty_url) as backend:
        older = [one for one in backend.to_apply(read_migrations(str(migrate.MIGRATIONS))) if one.id < "0050"]
        backend.apply_migrations(backend.to_apply(type(read_migrations(str(migrate.MIGRATIONS)))(older)))
    field, label = "\u2063", "\u2064"
    texts = [
        "We bake.",
        f"{field}Phone: 1\n{field}Fax: 2",
        f"{label}author: Ada",
        f"{field}Phone: 1\n{label}author: Ada",
    ]
    with psycopg.connect(empty_url) as connection:
        connection.execute("INSERT INTO sites (site_id, name, origins) VALUES ('bakery', '', '{}')")
        for post_id, text in enumerate(texts, 1):
            connection.execute(
                "INSERT INTO documents (site_id, post_id, version, state) VALUES ('bakery', %s, 1, 'indexed')",
                (post_id,),
            )
            connection.execute(
                "INSERT INTO chunks (site_id, post_id, position, heading_path, text, hash, embedder, "
                "embedding, lexical) VALUES ('bakery', %s, 0, '{}', %s, '', 'local', '[1]', '{1:1}/1000000')",
                (post_id, text),
            )
    migrate.migrate(empty)
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT kind, text, state FROM chunks JOIN documents USING (site_id, post_id) ORDER BY post_id"
        ).fetchall()
    # Each is read again, the first one since 0120.
    assert rows == [
        ("page", "We bake.", "pending"),
        ("field", "Phone: 1\nFax: 2", "pending"),
        ("label", "author: Ada", "pending"),
        ("label", "Phone: 1\nauthor: Ada", "pending"),
    ]


def test_one_function_raises_the_generation():
    package = Path(migrate.__file__).parents[1]
    writers = [path for path in package.rglob("*.py") if re.search(r"generation = generation", path.read_text())]
    assert [path.name for path in writers] == ["generation.py"]


def test_sites_without_a_budget_get_the_default(empty, empty_url):
    """As of the tables before it: the rest of the column is what later migrations expect."""
    migrate.migrate(empty)
    script = (migrate.MIGRATIONS / "0060-default-budget.sql").read_text()
    with psycopg.connect(empty_url) as connection:
        connection.execute(
            "ALTER TABLE sites ALTER daily_budget_usd DROP NOT NULL, ALTER daily_budget_usd DROP DEFAULT"
        )
        connection.execute(
            "INSERT INTO sites (site_id, name, origins, daily_budget_usd) VALUES ('bare', '', '{}', NULL), "
            "('rich', '', '{}', 50), ('lifted', '', '{}', 'Infinity')"
        )
        connection.execute(script)
        rows = connection.execute("SELECT site_id, daily_budget_usd FROM sites ORDER BY site_id").fetchall()
    assert [(site_id, str(usd)) for site_id, usd in rows] == [
        ("bare", "1"),
        ("lifted", "Infinity"),
        ("rich", "50"),
    ]
