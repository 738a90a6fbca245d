"""A site that pushes and asks over HTTP, with tokens signed as the plugin signs them."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rag_ask.api.auth import ASK, WRITE, body_hash
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.indexing import indexer
from rag_ask.providers import models
from rag_ask.providers.embed.spec import MINILM
from rag_ask.settings import Settings

SECRET = b"a test secret of more than thirty-two bytes"
# The small one: most tests are not about what it finds.
EMBEDDER = models.local_embedder(Settings(database_url="", secret=SECRET), MINILM)


class WordPress:
    """One registered site: pushes and asks over HTTP with tokens of its own."""

    def __init__(self, client: FlaskClient, database: Database, site_id: str, secret: bytes = SECRET) -> None:
        self.client, self.database, self.site_id = client, database, site_id
        with database.system() as connection:
            sites.add(connection, site_id, site_id, f"https://{site_id}.example")
            self.kid = sites.new_key(connection, site_id)
        self.key = sites.key(secret, site_id, self.kid)
        # home_url() first.
        self.urls = [f"https://{site_id}.example"]

    def token(self, audience: str, lifetime_s: int = 60, **claims: Any) -> str:
        now = int(time.time())
        common = {"iss": self.site_id, "aud": audience, "iat": now, "exp": now + lifetime_s}
        if audience == WRITE:
            common["urls"] = self.urls
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
        while indexer.index_some(indexer.Shift(self.database, EMBEDDER)):
            pass

    def post(self, path: str, body: object, token: str | None = None, **headers: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token or self.ask_token()}"} | headers
        # Buffered: the response is closed, as a server does once it is sent.
        return self.client.post(path, json=body, headers=headers, buffered=True)

    def ask(self, question: str, groups: list[str] | None = None, **fields: Any) -> dict[str, Any]:
        response = self.post("/v1/ask", {"question": question} | fields, self.ask_token(groups))
        assert response.status_code == 200, response.text
        return response.json

    def signed(self, method: str, path: str, body: object = None, **claims: Any) -> TestResponse:
        """A request with a write token over its body."""
        data = b"" if body is None else json.dumps(body).encode()
        token = self.token(WRITE, **({"bh": body_hash(data)} | claims))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self.client.open(path, method=method, data=data, headers=headers)

    def status(self) -> dict[str, Any]:
        response = self.signed("GET", "/v1/status")
        assert response.status_code == 200, response.text
        return response.json
