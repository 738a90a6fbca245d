"""DELETE /v1/site: a site takes everything back, and nothing that it signed before brings it back."""

import json
import threading
import time

import contract
import pytest

from rag_ask.api.auth import WRITE, body_hash
from rag_ask.db import locks, sites

TABLES = ("documents", "chunks", "term_counts", "staged_embeddings")


def purge(wordpress, **claims):
    return wordpress.signed("DELETE", "/v1/site", {"site_id": wordpress.site_id}, **claims)


def left(database, site_id):
    with database.system() as connection:
        counts = [connection.execute(f"SELECT count(*) FROM {t} WHERE site_id = %s", (site_id,)) for t in TABLES]
        return [count.fetchone()["count"] for count in counts]


def test_everything_goes_but_the_registration(wordpress, database):
    wordpress.publish(1, 5, "<p>The shop opens at seven.</p>")
    wordpress.push(wordpress.upsert(2, 5, "<p>Pending.</p>"), {"op": "delete", "id": 3, "version": 9})
    response = purge(wordpress)
    assert response.json == contract.message("purge-response") | {"site_id": wordpress.site_id, "documents": 2}
    assert left(database, wordpress.site_id) == [0, 0, 0, 0]
    assert wordpress.ask("When does the shop open?")["outcome"] == "abstained"
    with database.system() as connection:
        site = connection.execute("SELECT chunk_count FROM sites WHERE site_id = %s", (wordpress.site_id,)).fetchone()
    assert site["chunk_count"] == 0


def test_the_body_names_the_site(wordpress, new_site):
    request = contract.message("purge-request") | {"site_id": new_site().site_id}
    wordpress.publish(1, 1, "<p>Text.</p>")
    response = wordpress.signed("DELETE", "/v1/site", request)
    assert (response.status_code, response.json["error"]["code"]) == (409, "site_mismatch")
    assert wordpress.status()["documents"]["indexed"] == 1


def test_a_push_signed_before_is_refused_and_one_signed_after_starts_anew(wordpress):
    body = json.dumps({"changes": [wordpress.upsert(1, 5, "<p>Text.</p>")]}).encode()
    before = wordpress.token(WRITE, bh=body_hash(body))
    assert purge(wordpress).status_code == 200
    refused = wordpress.push_body(body, before)
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "token_expired")
    # A token tells whole seconds, so the next one may be used from the next second on.
    after = wordpress.token(WRITE, bh=body_hash(body), iat=int(time.time()) + 1)
    assert wordpress.push_body(body, after).json["results"][0]["result"] == "accepted"


def test_a_push_under_way_does_not_fill_the_site_again(wordpress, database):
    answers = []
    push = threading.Thread(target=lambda: answers.append(wordpress.push(wordpress.upsert(1, 1, "<p>Text.</p>"))))
    with database.system() as connection:
        locks.hold_site(connection, wordpress.site_id)
        push.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not connection.execute(waiting).fetchone()["count"]:
            assert push.is_alive()
        sites.purge(connection, wordpress.site_id)
    push.join(20)
    assert answers[0].json["error"]["code"] == "token_expired"
    assert left(database, wordpress.site_id) == [0, 0, 0, 0]


@pytest.mark.parametrize(("body", "code"), [({}, "invalid_request"), ({"site_id": "x", "all": True}, "unknown_field")])
def test_bad_requests(wordpress, body, code):
    response = wordpress.signed("DELETE", "/v1/site", body)
    assert (response.status_code, response.json["error"]["code"]) == (400, code)


def test_purge_twice(wordpress):
    wordpress.publish(1, 1, "<p>Text.</p>")
    assert purge(wordpress).json["documents"] == 1
    assert purge(wordpress, iat=int(time.time()) + 1).json["documents"] == 0
