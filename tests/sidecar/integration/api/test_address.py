"""One index, one address: what a copy of a site sends is refused, and a site that moved takes its index along."""

import time

import contract
import jwt
import pytest

from rag_ask.api.auth import WRITE, body_hash

COPY = "https://staging.example.test"


def refused(response):
    return response.status_code, response.json["error"]["code"]


def push_from(wordpress, url, *changes):
    wordpress.urls = [url]
    return wordpress.push(*changes)


def test_a_copy_writes_nothing(wordpress):
    """As h02: the copy of a database holds the same key, edits one post and trashes another."""
    live = wordpress.urls[0]
    wordpress.publish(1, 1, "<p>Lamp oil costs four euros.</p>")
    wordpress.publish(2, 1, "<p>The ferry to the island costs nine euros.</p>")
    test_text = wordpress.upsert(1, 2, "<p>Test text: lamp oil is free of charge.</p>", url=f"{COPY}/lamp-oil/")
    response = push_from(wordpress, COPY, test_text, {"op": "delete", "id": 2, "version": 2})
    assert refused(response) == (409, "other_address")
    assert COPY.removeprefix("https://") in response.json["error"]["message"]
    wordpress.urls = [live]
    wordpress.index()
    assert "four euros" in wordpress.ask("What does lamp oil cost?")["answer"]
    assert "nine euros" in wordpress.ask("What does the ferry to the island cost?")["answer"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/status", None),
        ("GET", "/v1/insights", None),
        ("GET", "/v1/documents/1", None),
        ("POST", "/v1/reconcile", {"after": 0, "until": None, "documents": []}),
        ("POST", "/v1/settings", {"question_days": 0}),
    ],
)
def test_a_copy_is_refused_on_every_signed_route(wordpress, method, path, body):
    wordpress.publish(1, 1, "<p>Lamp oil costs four euros.</p>")
    assert refused(wordpress.signed(method, path, body, urls=[COPY])) == (409, "other_address")


def test_a_plugin_that_is_deleted_in_a_copy_purges_nothing(wordpress):
    wordpress.publish(1, 1, "<p>Lamp oil costs four euros.</p>")
    purge = {"site_id": wordpress.site_id}
    assert refused(wordpress.signed("DELETE", "/v1/site", purge, urls=[COPY])) == (409, "other_address")
    assert wordpress.status()["documents"]["indexed"] == 1
    assert wordpress.signed("DELETE", "/v1/site", purge).status_code == 200
    # The empty index is free for whoever holds the key.
    later = int(time.time()) + 1
    assert wordpress.signed("POST", "/v1/push", {"changes": []}, urls=[COPY], iat=later).status_code == 202


@pytest.mark.parametrize("same", ["http://{0}.example", "https://www.{0}.example/", "https://{0}.EXAMPLE:443"])
def test_the_scheme_and_www_are_the_same_site(wordpress, same):
    wordpress.push()
    assert push_from(wordpress, same.format(wordpress.site_id)).status_code == 202


@pytest.mark.parametrize("other", ["https://{0}.example/blog", "https://{0}.example:8443", "https://shop.{0}.example"])
def test_another_path_port_or_name_is_another_site(wordpress, other):
    wordpress.push()
    assert refused(push_from(wordpress, other.format(wordpress.site_id))) == (409, "other_address")


def test_a_site_that_moved_takes_its_index_along(wordpress):
    old, new = wordpress.urls[0], "https://new.example.test/shop"
    wordpress.publish(1, 1, "<p>Lamp oil costs four euros.</p>")
    response = wordpress.signed("POST", "/v1/address", {"url": f"{new}/"}, urls=[new])
    assert response.json == {"site_id": wordpress.site_id, "address": "new.example.test/shop"}
    assert response.json.keys() == contract.message("address-response").keys()
    assert push_from(wordpress, new, wordpress.upsert(1, 2, "<p>Oil.</p>")).status_code == 202
    assert wordpress.status()["address"] == "new.example.test/shop"
    assert refused(push_from(wordpress, old)) == (409, "other_address")


def test_it_moves_only_to_the_address_that_signs(wordpress):
    wordpress.push()
    response = wordpress.signed("POST", "/v1/address", {"url": COPY})
    assert refused(response) == (400, "invalid_request")


def test_a_client_that_names_no_address_writes_where_no_wordpress_does(wordpress):
    """As a program of one's own may: it has no copies."""
    body = b'{"changes": []}'
    now = int(time.time())
    claims = {"iss": wordpress.site_id, "aud": WRITE, "iat": now, "exp": now + 60, "bh": body_hash(body)}
    token = jwt.encode(claims, wordpress.key, "HS256", headers={"kid": wordpress.kid})
    assert wordpress.push_body(body, token).status_code == 202
    wordpress.push()
    assert refused(wordpress.push_body(body, token)) == (409, "other_address")


@pytest.mark.parametrize(
    "urls", [None, [], "https://a.example", [1], ["ftp://a.example"], ["https://a.example"] * 21, ["https://\x00"]]
)
def test_a_token_without_a_usable_address_is_refused(wordpress, urls):
    assert refused(wordpress.signed("GET", "/v1/status", urls=urls)) == (401, "token_invalid")
