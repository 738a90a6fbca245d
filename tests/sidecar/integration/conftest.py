"""A real Postgres for the session, a fresh site for each test."""

from __future__ import annotations

import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sidecar_processes import Processes

from fakes.openai_server import OpenAIServer
from fakes.wordpress import SECRET, WordPress
from rag_ask.api.app import create_app
from rag_ask.db import embedded_postgres, migrate, sites
from rag_ask.db.database import Database
from rag_ask.insights.question_log import QuestionLog
from rag_ask.settings import Settings


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="rag-ask-test-") as folder:
        # Postgres runs as a user of its own and must reach its data.
        Path(folder).chmod(0o755)
        data = Path(folder) / "postgres"
        url = embedded_postgres.start(data)
        migrate.migrate(Settings(url, SECRET))
        yield url
        embedded_postgres.stop(data)


@pytest.fixture
def own_url(database_url: str) -> Iterator[str]:
    """A database of the test's own, for what holds for a whole database: its embedder, its workers."""
    with _new_database(database_url) as url:
        yield url


@pytest.fixture
def other_url(database_url: str) -> Iterator[str]:
    """One more."""
    with _new_database(database_url) as url:
        yield url


@contextmanager
def _new_database(database_url: str) -> Iterator[str]:
    name = f"own_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = database_url.replace("/postgres?", f"/{name}?")
    migrate.migrate(Settings(url, SECRET))
    yield url
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_url(database_url: str) -> str:
    """A database without tables."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS migrate_test")
        connection.execute("CREATE DATABASE migrate_test")
    return database_url.replace("/postgres?", "/migrate_test?")


@pytest.fixture
def provider() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def own_settings(own_url: str, provider: OpenAIServer) -> Settings:
    """The English embedder, with what it takes to build the provider's, should the database name one."""
    return Settings(
        database_url=own_url,
        secret=SECRET,
        embedder="local-en",
        openai_base_url=provider.base_url,
        visitor_limits="1000 per minute",
    )


@pytest.fixture(autouse=True)
def asked_questions_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the applications of this process; a test need not wait for the next batch."""
    add = QuestionLog.add

    def add_and_write(log: QuestionLog, site_id: str, row: dict[str, Any] | None) -> None:
        add(log, site_id, row)
        log.flush()

    monkeypatch.setattr(QuestionLog, "add", add_and_write)


@pytest.fixture
def own_site(own_settings: Settings) -> Iterator[WordPress]:
    """The only site of a database of its own."""
    database = Database(own_settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    database.open()
    app = create_app(own_settings)
    yield WordPress(app.test_client(), database, "own-site")
    app.extensions["rag_ask"].database.close()
    database.close()


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, secret=SECRET, embedder="local-en", visitor_limits="1000 per minute")


@pytest.fixture(scope="session")
def database(settings: Settings) -> Iterator[Database]:
    opened = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    made.extensions["rag_ask"].database.close()


@pytest.fixture
def new_site(app: Flask, database: Database) -> Iterator[Callable[[], WordPress]]:
    """A function that registers one more site. What a test leaves behind is removed, so the queue is its own."""
    made: list[WordPress] = []

    def register() -> WordPress:
        made.append(WordPress(app.test_client(), database, f"site-{uuid.uuid4().hex[:12]}"))
        return made[-1]

    yield register
    for wordpress in made:
        with database.system() as connection:
            sites.remove(connection, wordpress.site_id)


@pytest.fixture
def wordpress(new_site: Callable[[], WordPress]) -> WordPress:
    return new_site()


@pytest.fixture
def model_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def paid_site(settings: Settings, database: Database, model_server: OpenAIServer) -> Iterator[Callable[..., WordPress]]:
    """A function that registers a site whose answers a model writes; settings can be changed for it."""
    made: list[WordPress] = []
    apps: list[Flask] = []

    def register(**changes: object) -> WordPress:
        # Each question reaches the model: what is kept of answers is tested elsewhere.
        paid = {"answer_model": "openai", "openai_api_key": "sk-key", "cache_ttl_s": 0}
        paid |= {"openai_base_url": model_server.base_url}
        apps.append(create_app(replace(settings, **(paid | changes))))
        made.append(WordPress(apps[-1].test_client(), database, f"site-{uuid.uuid4().hex[:12]}"))
        return made[-1]

    yield register
    for wordpress in made:
        with database.system() as connection:
            sites.remove(connection, wordpress.site_id)
    for app in apps:
        app.extensions["rag_ask"].database.close()


@pytest.fixture
def run(database_url: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `rag-ask ARGUMENTS`, with settings as keywords."""
    return Processes(database_url).run
