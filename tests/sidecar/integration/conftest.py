"""A real Postgres for the session, a fresh site for each test, and a WordPress that signs like the plugin."""

from __future__ import annotations

import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rag_ask import embedded_postgres, indexer, migrate, sites
from rag_ask.app import create_app
from rag_ask.auth import ASK, WRITE, body_hash
from rag_ask.database import Database
from rag_ask.embed.local import LocalEmbedder
from rag_ask.settings import Settings
from werkzeug.test import TestResponse

SECRET = b"a test secret of more than thirty-two bytes"
EMBEDDER = LocalEmbedder()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="rag-ask-test-") as folder:
        # Postgres runs as a user of its own and must reach its data.
        Path(folder).chmod(0o755)
        data = Path(folder) / "postgres"
        url = embedded_postgres.start(data)
        migrate.migrate(url)
        yield url
        embedded_postgres.stop(data)


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url, secret=SECRET, visitor_limits="1000 per minute")


@pytest.fixture(scope="session")
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, max_size=4, statement_timeout_s=30)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    made.extensions["rag_ask"].database.close()


class WordPress:
    """One registered site: pushes and asks over HTTP with tokens of its own."""

    def __init__(self, client: FlaskClient, database: Database, site_id: str, secret: bytes = SECRET) -> None:
        self.client, self.database, self.site_id = client, database, site_id
        with database.system() as connection:
            sites.add(connection, site_id, site_id, f"https://{site_id}.example")
            self.kid = sites.new_key(connection, site_id)
        self.key = sites.key(secret, site_id, self.kid)

    def token(self, audience: str, lifetime_s: int = 60, **claims: Any) -> str:
        now = int(time.time())
        common = {"iss": self.site_id, "aud": audience, "iat": now, "exp": now + lifetime_s}
        return jwt.encode(common | claims, self.key, "HS256", headers={"kid": self.kid})

    def ask_token(self, groups: list[str] | None = None, **claims: Any) -> str:
        return self.token(ASK, 300, **({"sub": "v1", "groups": groups or ["public"], "lang": "en-GB"} | claims))

    def push(self, *changes: dict[str, Any]) -> TestResponse:
        return self.push_body(json.dumps({"changes": changes}).encode())

    def push_body(self, body: bytes, token: str | None = None) -> TestResponse:
        token = token or self.token(WRITE, bh=body_hash(body))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self.client.post("/v1/push", data=body, headers=headers)

    def upsert(self, post_id: int, version: int, html: str, **fields: Any) -> dict[str, Any]:
        document = {
            "id": post_id,
            "version": version,
            "type": "post",
            "title": f"Post {post_id}",
            "url": f"https://{self.site_id}.example/?p={post_id}",
            "html": html,
            "language": "en-GB",
            "groups": ["public"],
        }
        return {"op": "upsert", "document": document | fields}

    def publish(self, post_id: int, version: int, html: str, **fields: Any) -> None:
        response = self.push(self.upsert(post_id, version, html, **fields))
        assert response.status_code == 202, response.text
        assert response.json["results"][0]["result"] == "accepted"
        self.index()

    def index(self) -> None:
        while indexer.index_some(self.database, EMBEDDER):
            pass

    def post(self, path: str, body: object, token: str | None = None, **headers: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token or self.ask_token()}"} | headers
        return self.client.post(path, json=body, headers=headers)

    def ask(self, question: str, groups: list[str] | None = None) -> dict[str, Any]:
        response = self.post("/v1/ask", {"question": question}, self.ask_token(groups))
        assert response.status_code == 200, response.text
        return response.json

    def status(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token(WRITE, bh=body_hash(b''))}"}
        response = self.client.get("/v1/status", headers=headers)
        assert response.status_code == 200, response.text
        return response.json


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
