"""Tokens: deny by default, with a stable code."""

import time

import contract
import jwt
import pytest

from rag_ask.api.auth import ASK, WRITE, _claims
from rag_ask.db import sites

QUESTION = {"question": "When do you open?"}


def refused(response):
    return response.status_code, response.json["error"]["code"]


@pytest.mark.parametrize("name", ["write", "ask"])
def test_contract_token_verifies(name, monkeypatch):
    token = contract.message(f"{name}-token")
    monkeypatch.setattr(jwt.api_jwt, "datetime", _FrozenTime)
    claims = _claims(token["token"], token["secret"].split(".")[1], "crumb-and-kettle", f"rag-ask:{name}")
    assert claims == token["claims"]
    assert jwt.get_unverified_header(token["token"]) == token["header"]


class _FrozenTime:
    @staticmethod
    def now(tz=None):
        from datetime import datetime

        return datetime.fromtimestamp(1795270010, tz)


def test_without_a_token(wordpress):
    response = wordpress.client.post("/v1/ask", json=QUESTION)
    assert refused(response) == (401, "token_missing")


def test_expired(wordpress):
    past = int(time.time()) - 1000
    token = wordpress.ask_token(iat=past, exp=past + 300)
    assert refused(wordpress.post("/v1/ask", QUESTION, token)) == (401, "token_expired")


def test_wrong_audience(wordpress):
    assert refused(wordpress.post("/v1/ask", QUESTION, wordpress.token(WRITE))) == (403, "token_wrong_audience")


def test_longer_lived_than_allowed(wordpress):
    token = wordpress.token(ASK, 86400, sub="v1", groups=["public"])
    assert refused(wordpress.post("/v1/ask", QUESTION, token)) == (401, "token_invalid")


def test_forged_in_every_known_way(wordpress, new_site):
    other = new_site()
    claims = jwt.decode(wordpress.ask_token(), options={"verify_signature": False})
    forged = [
        "garbage",
        "a.b.c",
        jwt.encode(claims, "", "none", headers={"kid": wordpress.kid}),
        jwt.encode(claims, "x" * 43, "HS256", headers={"kid": wordpress.kid}),
        jwt.encode(claims, wordpress.key + "0" * 21, "HS512", headers={"kid": wordpress.kid}),
        # Another site's key for this site's name, and the other way round.
        jwt.encode(claims, other.key, "HS256", headers={"kid": other.kid}),
        jwt.encode(claims, other.key, "HS256", headers={"kid": wordpress.kid}),
        jwt.encode(claims | {"groups": "public"}, wordpress.key, "HS256", headers={"kid": wordpress.kid}),
        jwt.encode({"iss": wordpress.site_id, "aud": ASK}, wordpress.key, "HS256", headers={"kid": wordpress.kid}),
    ]
    for token in forged:
        assert refused(wordpress.post("/v1/ask", QUESTION, token)) == (401, "token_invalid"), token


def test_a_key_that_is_newer_than_a_restored_backup(wordpress):
    claims = jwt.decode(wordpress.ask_token(), options={"verify_signature": False})
    response = wordpress.post("/v1/ask", QUESTION, jwt.encode(claims, "x" * 43, "HS256", headers={"kid": "unknown"}))
    assert refused(response) == (401, "key_unknown")
    assert "rotate-key" in response.json["error"]["message"]


@pytest.mark.parametrize("seen", [{"inc": 1}, {"gen": "1"}, {"gen": -1}, {"gen": 2**63}, {"gen": 1.5}])
def test_what_the_site_has_seen_is_well_formed(wordpress, seen):
    assert refused(wordpress.post("/v1/ask", QUESTION, wordpress.ask_token(**seen))) == (401, "token_invalid")


def test_previous_key_works_for_a_week_after_rotation(wordpress, database):
    old_token = wordpress.ask_token()
    with database.system() as connection:
        sites.new_key(connection, wordpress.site_id)
    assert wordpress.post("/v1/ask", QUESTION, old_token).status_code == 200
    with database.system() as connection:
        connection.execute("UPDATE site_keys SET expires_at = now() WHERE kid = %s", (wordpress.kid,))
    assert refused(wordpress.post("/v1/ask", QUESTION, old_token)) == (401, "key_unknown")


def test_page_of_another_origin_is_refused(wordpress, new_site):
    own = f"https://{wordpress.site_id}.example"
    assert wordpress.post("/v1/ask", QUESTION, Origin=own).status_code == 200
    other = f"https://{new_site().site_id}.example"
    assert refused(wordpress.post("/v1/ask", QUESTION, Origin=other)) == (403, "origin_not_allowed")
