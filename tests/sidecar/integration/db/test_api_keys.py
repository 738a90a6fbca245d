"""API keys: for servers, by scope, until revoked or expired, never from a page."""

import dataclasses
import time
from datetime import UTC, datetime

import contract
import pytest

from rag_ask.api.app import create_app
from rag_ask.db import api_keys
from rag_ask.errors import Unauthorized

QUESTION = "When does the shop open?"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return wordpress


@pytest.fixture
def new_key(bakery):
    def make(scopes=("ask", "search"), days=None):
        with bakery.database.system() as connection:
            return api_keys.add(connection, bakery.site_id, "a tool", scopes, days)

    return make


def ask(bakery, key, path="/v1/ask", **headers):
    return bakery.client.post(path, json={"question": QUESTION}, headers={"X-API-Key": key} | headers)


def refused(response, status, code):
    assert (response.status_code, response.json["error"]["code"]) == (status, code)
    assert contract.message("errors")["status_by_code"][code] == status


def id_of(key):
    return key.removeprefix("rk_").split(".")[0]


def key_row(bakery, key):
    with bakery.database.system() as connection:
        return connection.execute("SELECT * FROM api_keys WHERE id = %s", (id_of(key),)).fetchone()


def change(bakery, key, assignment):
    with bakery.database.system() as connection:
        connection.execute(f"UPDATE api_keys SET {assignment} WHERE id = %s", (id_of(key),))


def test_a_key_asks_and_searches_as_the_public(bakery, new_key):
    bakery.publish(2, 1, "<p>The shop opens for staff at five.</p>", title="Staff", groups=["staff"])
    key = new_key()
    answer = ask(bakery, key)
    assert (answer.status_code, answer.json["outcome"]) == (200, "quoted")
    found = ask(bakery, key, "/v1/search")
    assert [passage["title"] for passage in found.json["passages"]] == ["Opening hours"]


def test_a_key_does_what_its_scopes_say(bakery, new_key):
    asks, searches = new_key(["ask"]), new_key(["search"])
    assert ask(bakery, asks).status_code == ask(bakery, searches, "/v1/search").status_code == 200
    refused(ask(bakery, asks, "/v1/search"), 403, "api_key_scope")
    refused(ask(bakery, searches), 403, "api_key_scope")


def test_a_page_may_not_use_one(bakery, new_key):
    origin = f"https://{bakery.site_id}.example"
    refused(ask(bakery, new_key(), Origin=origin), 403, "api_key_in_browser")


@pytest.mark.parametrize("wrong", ["", "rk_", "rk_.", "rk_0011223344556677.c2VjcmV0", "%s", "é.ü", "rk_" + "x" * 5000])
def test_unknown_keys(bakery, wrong):
    refused(ask(bakery, wrong), 401, "api_key_invalid")


def test_a_wrong_secret_is_as_unknown_as_a_wrong_id(bakery, new_key):
    key = new_key()
    for wrong in (key[:-1], key[:-1] + ("A" if key[-1] != "A" else "B"), key.split(".")[0] + ".", key + "A"):
        refused(ask(bakery, wrong), 401, "api_key_invalid")


def test_an_expired_key(bakery, new_key):
    key = new_key(days=1)
    assert ask(bakery, key).status_code == 200
    change(bakery, key, "expires_at = now()")
    refused(ask(bakery, key), 401, "api_key_expired")


def test_a_revoked_key(bakery, new_key):
    key = new_key()
    with bakery.database.system() as connection:
        api_keys.revoke(connection, bakery.site_id, id_of(key))
    refused(ask(bakery, key), 401, "api_key_revoked")


def test_rotation_keeps_the_old_key_for_a_week(bakery, new_key):
    old = new_key(["ask"])
    with bakery.database.system() as connection:
        new = api_keys.rotate(connection, bakery.site_id, id_of(old))
    assert [ask(bakery, key).status_code for key in (old, new)] == [200, 200]
    change(bakery, old, "expires_at = expires_at - interval '7 days'")
    refused(ask(bakery, old), 401, "api_key_expired")
    assert (key_row(bakery, new)["scopes"], key_row(bakery, new)["name"]) == (["ask"], "a tool")


def rotate(bakery, key):
    with bakery.database.system() as connection:
        return api_keys.rotate(connection, bakery.site_id, id_of(key))


def days_left(bakery, key):
    expires_at = key_row(bakery, key)["expires_at"]
    return expires_at and round((expires_at - datetime.now(UTC)).total_seconds() / 86400)


def test_a_successor_is_good_for_as_many_days(bakery, new_key):
    key = new_key(days=30)
    change(bakery, key, "expires_at = expires_at - interval '20 days', created_at = created_at - interval '20 days'")
    first = rotate(bakery, key)
    assert (days_left(bakery, key), days_left(bakery, first)) == (7, 30)
    # Once more, from the one whose end has come nearer.
    assert days_left(bakery, rotate(bakery, key)) == 30
    change(bakery, first, "expires_at = now() + interval '3 days'")
    rotate(bakery, first)
    assert days_left(bakery, first) == 3
    assert days_left(bakery, rotate(bakery, new_key())) is None


@pytest.mark.parametrize(("assignment", "code"), [("expires_at", "api_key_expired"), ("revoked_at", "api_key_revoked")])
def test_a_key_that_works_no_more_has_no_successor(bakery, new_key, run, assignment, code):
    key = new_key(days=1)
    change(bakery, key, f"{assignment} = now()")
    with pytest.raises(Unauthorized) as error:
        rotate(bakery, key)
    assert error.value.code == code
    result = run("keys", "rotate", bakery.site_id, id_of(key))
    assert (result.returncode, result.stdout) == (1, "")
    assert "rag-ask keys add" in result.stderr
    refused(ask(bakery, key), 401, code)


def test_only_a_hash_is_at_rest(bakery, new_key):
    key = new_key()
    secret = key.split(".")[1]
    assert len(secret) >= 43
    assert secret not in str(key_row(bakery, key))
    assert len(key_row(bakery, key)["secret_hash"]) == 32


def test_last_use_is_written_once_a_minute(bakery, new_key):
    key = new_key()
    assert key_row(bakery, key)["last_used_at"] is None
    ask(bakery, key)
    first = key_row(bakery, key)["last_used_at"]
    time.sleep(0.01)
    ask(bakery, key)
    assert key_row(bakery, key)["last_used_at"] == first
    change(bakery, key, "last_used_at = last_used_at - interval '2 minutes'")
    ask(bakery, key)
    assert key_row(bakery, key)["last_used_at"] > first


def test_keys_have_a_limit_of_their_own(bakery, new_key, settings):
    app = create_app(dataclasses.replace(settings, visitor_limits="1 per minute", key_limits="3 per minute"))
    bakery.client = app.test_client()
    one, other = new_key(), new_key()
    codes = [ask(bakery, one).status_code for _ in range(4)]
    after = ask(bakery, other).status_code
    app.extensions["rag_ask"].database.close()
    assert (codes, after) == ([200, 200, 200, 429], 200)


def test_a_removed_site_takes_its_keys_along(bakery, new_key):
    from rag_ask.db import sites

    key = new_key()
    with bakery.database.system() as connection:
        sites.remove(connection, bakery.site_id)
    refused(ask(bakery, key), 401, "api_key_invalid")
