"""Odd strings, in any field of any request, are refused or answered; none of them makes the sidecar fail."""

import base64
import copy
import dataclasses
import json
import time

import contract
import jsonschema
import jwt
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag_ask.api.app import create_app
from rag_ask.api.auth import ASK, WRITE, body_hash
from rag_ask.api.openapi import document
from rag_ask.db import api_keys

NUL, HALF = "a\x00b", "\ud800"
MANY = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
SIGNED = {
    ("POST", "/v1/push"): "push-request",
    ("POST", "/v1/reconcile"): "reconcile-request",
    ("DELETE", "/v1/site"): "purge-request",
    ("POST", "/v1/settings"): "settings-request",
}
ASKED = {"/v1/ask": "ask-request", "/v1/search": "search-request", "/v1/feedback": "feedback-request"}


@st.composite
def odd(draw):
    texts = st.text(st.characters(), max_size=20) | st.sampled_from(
        [NUL, HALF, "", "\u200b", "%s%", "1e999", "٣", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
    )
    numbers = st.integers(-(2**70), 2**70) | st.floats() | st.booleans() | st.none()
    return draw(texts | texts | numbers | st.lists(texts, max_size=2) | st.dictionaries(texts, texts, max_size=2))


@pytest.fixture
def bakery(settings, wordpress):
    unlimited = "1000000 per minute"
    app = create_app(dataclasses.replace(settings, visitor_limits=unlimited, site_limits=unlimited, cache_ttl_s=60))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", terms=[{"taxonomy": "t", "name": "n"}])
    yield wordpress
    app.extensions["rag_ask"].database.close()


def places(node, path=()):
    yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(value, (*path, key))


def with_one_changed(message, path, value):
    if not path:
        return value
    changed = copy.deepcopy(message)
    node = changed
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return changed


def every_place(messages):
    return st.sampled_from(
        [(where, path) for where, name in messages.items() for path in places(contract.message(name))]
    )


def code(response):
    return response.json["error"]["code"]


def token_of(header, claims, key="x" * 43):
    """As jwt.encode does, with what it would not put into a token."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signing = part(header) + b"." + part(claims)
    signature = jwt.get_algorithm_by_name("HS256").sign(signing, key.encode())
    return b".".join([signing, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@MANY
@given(every_place(ASKED), odd())
def test_in_what_a_visitor_sends(bakery, place, value):
    path, at = place
    body = json.dumps(with_one_changed(contract.message(ASKED[path]), at, value))
    headers = {"Authorization": f"Bearer {bakery.ask_token()}", "Content-Type": "application/json"}
    response = bakery.client.post(path, data=body, headers=headers, buffered=True)
    assert response.status_code < 500
    if response.status_code != 400:
        assert_described("POST", path, json.loads(body))


def assert_described(method, path, message):
    """What the sidecar takes is of the schema that it shows."""
    schema = document()["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    full = schema | {"components": document()["components"]}
    jsonschema.Draft202012Validator(full, format_checker=jsonschema.FormatChecker()).validate(message)


@MANY
@given(every_place(SIGNED), odd())
def test_in_what_a_site_sends(bakery, place, value):
    (method, path), at = place
    changed = with_one_changed(contract.message(SIGNED[method, path]), at, value)
    response = bakery.signed(method, path, changed)
    assert response.status_code < 500
    if response.status_code in (200, 202) and "rejected" not in response.text:
        assert_described(method, path, json.loads(json.dumps(changed)))
    bakery.index()
    assert bakery.status()["site_id"] == bakery.site_id
    for question in ("When do you open?", "seven"):
        assert bakery.post("/v1/ask", {"question": question}).status_code == 200


@MANY
@given(st.sampled_from(["iss", "aud", "iat", "exp", "nbf", "jti", "sub", "groups", "lang", "bh", "kid", "alg"]), odd())
@example("bh", "é")
@example("iat", "1")
def test_in_a_token(bakery, name, value):
    now = int(time.time())
    header = {"typ": "JWT", "alg": "HS256", "kid": bakery.kid}
    common = {"iss": bakery.site_id, "iat": now, "exp": now + 60, "sub": "v", "groups": ["public"], "lang": "en"}
    for audience, method, path in ((ASK, "POST", "/v1/search"), (WRITE, "GET", "/v1/status")):
        claims = common | {"aud": audience, "bh": body_hash(b"")}
        if name in ("kid", "alg"):
            token = token_of(header | {name: value}, claims, bakery.key)
        else:
            token = token_of(header, claims | {name: value}, bakery.key)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = b'{"question": "seven"}' if method == "POST" else b""
        assert bakery.client.open(path, method=method, data=body, headers=headers).status_code < 500


@MANY
@given(
    st.sampled_from(["Authorization", "X-API-Key", "Origin", "Accept", "Content-Type", "Accept-Language"]),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
)
@example("X-API-Key", "rk_" + NUL + ".x")
@example("Authorization", "Bearer " + NUL)
def test_in_a_header(bakery, name, value):
    headers = {"Authorization": f"Bearer {bakery.ask_token()}", "Content-Type": "application/json"} | {name: value}
    assert bakery.client.post("/v1/ask", data=b'{"question": "seven"}', headers=headers).status_code < 500


@MANY
@given(
    st.text(st.characters(max_codepoint=255), max_size=20),
    st.sampled_from(["/", "/v1/documents/", "/v1/insights?days="]),
)
@example("\x00", "/v1/documents/")
@example("%ed%a0%80%00", "/v1/documents/")
def test_in_an_address(bakery, value, before):
    # Two slashes at once begin a host.
    assert bakery.signed("GET", before + value.lstrip("/")).status_code < 500


@pytest.mark.parametrize("kid", [NUL, HALF])
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/status"), ("POST", "/v1/ask"), ("POST", "/v1/push")])
def test_a_kid_that_the_database_cannot_hold_is_unknown(bakery, method, path, kid):
    headers = {"Authorization": f"Bearer {token_of({'alg': 'HS256', 'kid': kid}, {})}"}
    response = bakery.client.open(path, method=method, json={}, headers=headers)
    assert (response.status_code, code(response)) == (401, "token_invalid")


@pytest.mark.parametrize("claims", [{"groups": ["public", NUL]}, {"groups": [HALF]}, {"sub": NUL}, {"lang": HALF}])
def test_claims_that_the_database_cannot_hold_are_refused(bakery, claims):
    response = bakery.post("/v1/ask", {"question": "seven"}, bakery.ask_token(**claims))
    assert (response.status_code, code(response)) == (401, "token_invalid")


@pytest.mark.parametrize(
    "wanted",
    [
        {"types": [NUL]},
        {"types": [HALF]},
        {"terms": [{"taxonomy": NUL, "name": "n"}]},
        {"terms": [{"taxonomy": "t", "name": HALF}]},
        {"language": None},
        {"published_from": 1767225600},
        {"published_from": "1767225600"},
        {"published_before": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_filters_are_exact(bakery, wanted):
    for path in ("/v1/ask", "/v1/search"):
        response = bakery.post(path, {"question": "seven", "filter": wanted})
        assert (response.status_code, code(response)) == (400, "invalid_request")


def test_a_conversation_of_half_a_character(bakery):
    response = bakery.post("/v1/ask", {"question": "seven", "conversation": HALF})
    assert (response.status_code, code(response)) == (400, "conversation_invalid")


def test_an_api_key_with_odd_bytes_is_unknown(bakery, database):
    with database.system() as connection:
        key = api_keys.add(connection, bakery.site_id, "a tool", ["ask"], None)
    for wrong in (key.replace(".", "\x00."), key + "\x00", key + "ÿ"):
        response = bakery.client.post("/v1/ask", json={"question": "seven"}, headers={"X-API-Key": wrong})
        assert (response.status_code, code(response)) == (401, "api_key_invalid")
