"""Every error that a route is described with happens on it, in the form described, and no other one does."""

import dataclasses
import json
import time
import uuid
from pathlib import Path

import contract
import jsonschema
import jwt
import openapi_errors
import pytest

from rag_ask.api.app import create_app
from rag_ask.api.auth import ASK, WRITE, body_hash
from rag_ask.api.openapi import document
from rag_ask.api.places import Places
from rag_ask.api.routes import probe
from rag_ask.db import api_keys, incarnation, sites
from rag_ask.db.database import Database
from rag_ask.errors import (
    Busy,
    DatabaseUnavailable,
    EmbedderChanged,
    ModelMissing,
    ProviderRejected,
    ProviderUnavailable,
)
from rag_ask.providers.embedders import Embedders

OPERATIONS = {
    (method.upper(), path): operation
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
}
BODIES = {
    "/v1/ask": {"question": "When does the shop open?"},
    "/v1/search": {"question": "When does the shop open?"},
    "/v1/chat/completions": {
        "model": "rag-ask",
        "messages": [{"role": "user", "content": "When does the shop open?"}],
    },
    "/mcp": contract.message("mcp-request"),
    "/v1/feedback": {"answer_id": str(uuid.uuid4()), "rating": "up"},
    "/v1/push": {"changes": []},
    "/v1/reconcile": {"after": 0, "until": None, "documents": []},
    "/v1/settings": {"question_days": 30},
}
LIMITED = ("/v1/ask", "/v1/search", "/v1/feedback")


class Route:
    """Sends one operation, well formed unless told otherwise, and checks each response against its description."""

    def __init__(self, site, method, path, key):
        self.site, self.method, self.path, self.key = site, method, path, key
        self.operation = OPERATIONS[method, path]
        self.secured = {name for either in self.operation["security"] for name in either}
        self.takes_tokens = bool(self.secured & {"ask", "write"})
        self.audience = ASK if "ask" in self.secured else WRITE
        self.found = set()

    def body(self):
        own = {"/v1/address": {"url": self.site.urls[0]}, "/v1/site": {"site_id": self.site.site_id}}
        body = (BODIES | own).get(self.path)
        return json.dumps(body).encode() if "requestBody" in self.operation else b""

    def token(self, body, **claims):
        own = {"sub": claims.pop("sub", uuid.uuid4().hex), "groups": ["public"], "lang": "en", "bh": body_hash(body)}
        return self.site.token(claims.pop("aud", self.audience), claims.pop("lives_s", 60), **(own | claims))

    def send(self, body=None, token=None, path=None, method=None, headers=None):
        body = self.body() if body is None else body
        sent = {"Content-Type": "application/json"}
        if "key" in self.secured and not self.takes_tokens:
            sent["X-API-Key"] = self.key
        elif self.secured:
            sent["Authorization"] = f"Bearer {self.token(body) if token is None else token}"
        address = (path or self.path).replace("{post_id}", "1")
        if self.path == "/v1/token":
            address, sent["Origin"] = path or f"/v1/token?site={self.site.site_id}", self.site.urls[0]
        response = self.site.client.open(
            address, method=method or self.method, data=body, headers=sent | (headers or {}), buffered=True
        )
        self.check(response)
        return response

    def check(self, response):
        described = self.operation["responses"][str(response.status_code)]
        for name, kind in described.get("content", {}).items():
            if name == response.mimetype == "application/json":
                full = kind["schema"] | {"components": document()["components"]}
                jsonschema.Draft202012Validator(full, format_checker=jsonschema.FormatChecker()).validate(response.json)
        assert response.mimetype in described.get("content", {response.mimetype: None})
        for name in described.get("headers", {}):
            kind = document()["components"]["headers"][name]["schema"]["type"]
            assert int(response.headers[name]) >= 0 if kind == "integer" else response.headers[name]
        if openapi_errors.is_error(described):
            self.found.add(response.json["error"]["code"])


@pytest.fixture
def new_route(settings, wordpress, database, monkeypatch):
    apps = []
    monkeypatch.setattr(probe, "INTERVAL_S", 0)

    def make(method, path, **changes):
        apps.append(create_app(dataclasses.replace(settings, cache_ttl_s=0, max_body_bytes=65536, **changes)))
        wordpress.client = apps[-1].test_client()
        with database.system() as connection:
            key = api_keys.add(connection, wordpress.site_id, "a tool", ["ask", "search"], 1)
            sites.allow_outside_pages(connection, wordpress.site_id, is_on=True)
        return Route(wordpress, method, path, key)

    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    yield make
    for app in apps:
        app.extensions["rag_ask"].database.close()


def go_wrong(route, monkeypatch):
    """Everything that can be wrong with a request to any route."""
    app = route.site.client.application
    route.send(method="PUT")
    with monkeypatch.context() as patch:
        endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if is_rule_of(rule, route))
        patch.setitem(app.view_functions, endpoint, broken)
        route.send()
    if route.secured:
        if route.takes_tokens:
            go_wrong_with_tokens(route)
        huge = b"x" * 70_000
        route.send(huge, route.token(huge))
        with monkeypatch.context() as patch:
            patch.setattr(Database, "_connection", lambda *_: raising(DatabaseUnavailable()))
            route.send()
    if "key" in route.secured:
        go_wrong_with_keys(route)
    if "requestBody" in route.operation:
        for body in (b"{", b"[]", json.dumps(json.loads(route.body()) | {"other": 1}).encode()):
            route.send(body)
        route.send(headers={"Content-Type": "text/plain"})


def is_rule_of(rule, route):
    return route.method in rule.methods and rule.rule.split("<")[0] == route.path.split("{")[0]


def broken(**_):
    raise RuntimeError("broken")


def raising(error):
    raise error


def go_wrong_with_tokens(route):
    past = int(time.time()) - 1000
    route.send(token="", headers={"Authorization": ""})
    route.send(token="a.b.c")
    route.send(token=jwt.encode({}, "x" * 43, "HS256", headers={"kid": "unknown"}))
    route.send(token=route.token(route.body(), iat=past, exp=past + 60))
    route.send(token=route.token(route.body(), aud="rag-ask:other"))
    if route.audience == WRITE:
        route.send(token=route.token(b"other"))
        if "other_address" not in route.operation.get("x-no-errors", ()):
            route.send(token=route.token(route.body(), urls=["https://a-copy.example"]))
    else:
        route.send(headers={"Origin": "https://another.example"})


def go_wrong_with_keys(route):
    def use(key, **headers):
        return route.send(headers={"X-API-Key": key, "Authorization": ""} | headers)

    with route.site.database.system() as connection:
        other = "ask" if route.path == "/v1/search" else "search"
        scoped, ended, revoked = (
            api_keys.add(connection, route.site.site_id, "", [scope], 1) for scope in (other, "ask", "ask")
        )
        connection.execute("UPDATE api_keys SET expires_at = now() WHERE id = %s", (id_of(ended),))
        api_keys.revoke(connection, route.site.site_id, id_of(revoked))
    assert use(route.key).status_code == 200
    for key in ("rk_nothing", scoped, ended, revoked):
        use(key)
    use(route.key, Origin="https://another.example")


def id_of(key):
    return key.removeprefix("rk_").split(".")[0]


def go_wrong_in_its_own_way(route, monkeypatch):
    own = set(route.operation.get("x-errors", ()))
    for error in (
        ProviderRejected("no"),
        ProviderUnavailable("away"),
        EmbedderChanged("other"),
        ModelMissing(Path(), "away"),
    ):
        if error.code in own:
            with monkeypatch.context() as patch:
                # Questions look at what was seen lately, the report of questions at what is active now.
                for look in ("seen", "active"):
                    patch.setattr(Embedders, look, lambda *_, error=error: raising(error))
                route.send()
    for text in (" ", "x" * 501):
        if "question_empty" in own:
            said = {"model": "rag-ask", "messages": [{"role": "user", "content": text}]}
            route.send(json.dumps(said if "/chat/" in route.path else {"question": text}).encode())
    if "conversation_invalid" in own:
        route.send(b'{"question": "x", "conversation": "x"}')
    if route.path == "/v1/insights":
        route.send(path="/v1/insights?days=8")
    if "document_unknown" in own:
        route.send(path="/v1/documents/2")
        route.send(path="/v1/documents/x")
    if "site_mismatch" in own:
        route.send(b'{"site_id": "another"}')
    if "busy" in own:
        with monkeypatch.context() as patch:
            patch.setattr(Places, "one", lambda _: raising(Busy()))
            route.send()
    if "fed_otherwise" in own:
        with route.site.database.system() as connection:
            connection.execute("UPDATE sites SET fed_by = 'pull' WHERE site_id = %s", (route.site.site_id,))
        route.send()
    if "index_unproven" in own:
        with route.site.database.system() as connection:
            incarnation.renew(connection, route.site.site_id)
        route.send()
    if "outside_pages_off" in own:
        route.send(path="/v1/token?site=another")
        route.send(headers={"Origin": "https://another.example"})
        route.send(path=f"/v1/token?site={route.site.site_id}&language=<b>")
        with monkeypatch.context() as patch:
            patch.setattr(Database, "_connection", lambda *_: raising(DatabaseUnavailable()))
            route.send()
    if "rate_limited" in own:
        token = route.token(route.body(), sub="eager")
        assert {route.send(token=token).status_code for _ in range(21)} >= {429}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_route_fails_as_it_is_described(new_route, monkeypatch, method, path):
    route = new_route(method, path, visitor_limits="5 per minute", key_limits="15 per minute")
    go_wrong(route, monkeypatch)
    go_wrong_in_its_own_way(route, monkeypatch)
    assert route.found == set(openapi_errors.route_codes(route.operation))


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_a_route_succeeds_as_it_is_described(new_route, method, path):
    route = new_route(method, path)
    if path == "/v1/feedback":
        answer = {"answer_id": route.site.ask("When does the shop open?")["answer_id"], "rating": "up"}
        assert route.send(json.dumps(answer).encode()).status_code == 204
    else:
        assert route.send().status_code in (200, 202)
    assert route.found == set()


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("path", LIMITED)
def test_limits_are_told_with_every_response(new_route, path, accept):
    route = new_route("POST", path)
    if path == "/v1/feedback":
        answer_id = route.site.ask("When does the shop open?")["answer_id"]
        body = json.dumps({"answer_id": answer_id, "rating": "up"}).encode()
    else:
        body = route.body()
    response = route.send(body, headers={"Accept": accept})
    assert response.status_code == (204 if path == "/v1/feedback" else 200)
    limit = 20 if path == "/v1/feedback" else 1000
    assert (response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"]) == (
        str(limit),
        str(limit - 1),
    )
    assert 1 <= int(response.headers["RateLimit-Reset"]) <= 61
    assert "Retry-After" not in response.headers


def test_the_errors_are_those_of_the_contract():
    """When this fails: scripts/openapi."""
    status_by_code = contract.message("errors")["status_by_code"]
    error = document()["components"]["schemas"]["Error"]["properties"]["error"]["properties"]
    assert error["code"]["enum"] == list(status_by_code)
    for operation in OPERATIONS.values():
        made = openapi_errors.responses(operation, status_by_code)
        assert operation["responses"].keys() == made.keys()
        for status, response in made.items():
            described = operation["responses"][status]
            for kind in described.get("content", {}).values():
                kind = {name: value for name, value in kind.items() if name != "example"}
            assert described["description"] == response["description"]
            assert codes_of(described) == codes_of(response)


def codes_of(response):
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return schema["allOf"][1] if "allOf" in schema else None
