"""POST /v1/push: signed, checked change by change, acknowledged only when stored."""

import json

import contract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag_ask.api.auth import ASK, WRITE, body_hash
from rag_ask.feeds import feed


def test_contract_request_gets_contract_results(wordpress):
    request = contract.message("push-request")
    response = wordpress.push(*request["changes"])
    assert response.status_code == 202
    accepted, stale, rejected = contract.message("push-response")["results"]
    assert [set(result) for result in response.json["results"]] == [set(accepted)] * 4
    assert [result["result"] for result in response.json["results"]] == ["accepted"] * 4
    again = wordpress.push(wordpress.upsert(13, 1, "<p>Late.</p>"), wordpress.upsert(14, 1, 7)).json["results"]
    assert [set(result) for result in again] == [set(stale), set(rejected)]
    assert (again[0]["result"], again[0]["current_version"]) == ("stale", request["changes"][1]["version"])


def test_site_that_a_command_feeds_takes_no_push(wordpress, database):
    with database.system() as connection:
        feed.claim(connection, wordpress.site_id, "files")
    refused = wordpress.push(wordpress.upsert(1, 1, "<p>We open at seven.</p>"))
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "fed_otherwise")


def test_replay_and_older_versions_are_stale(wordpress):
    wordpress.publish(1, 10, "<p>We open at seven in the morning.</p>")
    for version in (10, 9):
        response = wordpress.push(wordpress.upsert(1, version, "<p>Old news.</p>"))
        assert response.json["results"][0]["result"] == "stale"
    assert "seven" in wordpress.ask("When do you open in the morning?")["answer"]


def test_late_old_upsert_does_not_bring_a_deleted_post_back(wordpress):
    wordpress.publish(1, 10, "<p>We open at seven in the morning.</p>")
    assert wordpress.push({"op": "delete", "id": 1, "version": 12}).json["results"][0]["result"] == "accepted"
    stale = wordpress.push(wordpress.upsert(1, 11, "<p>We open at seven in the morning.</p>"))
    assert stale.json["results"][0]["result"] == "stale"
    wordpress.index()
    assert wordpress.ask("When do you open in the morning?")["outcome"] == "abstained"


VERSIONS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 6)), min_size=1, max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pushes=VERSIONS, deleted=st.sets(st.integers(1, 6)), indexed_after=st.sets(st.integers(0, 11)))
def test_pushes_in_any_order_end_in_the_highest_version(new_site, database, pushes, deleted, indexed_after):
    wordpress = new_site()
    for number, (post_id, version) in enumerate(pushes):
        change = wordpress.upsert(post_id, version, f"<p>Version {version} is about bread.</p>", hash=str(version))
        if version in deleted:
            change = {"op": "delete", "id": post_id, "version": version}
        wordpress.push(change)
        if number in indexed_after:
            wordpress.index()
    wordpress.index()
    with database.tenant(wordpress.site_id) as connection:
        rows = connection.execute(
            "SELECT post_id, version, hash, state, array(SELECT text FROM chunks WHERE chunks.post_id = "
            "documents.post_id) AS texts FROM documents"
        ).fetchall()
    newest = {post_id: max(v for p, v in pushes if p == post_id) for post_id, _ in pushes}
    assert {row["post_id"]: (row["version"], row["hash"], row["state"], row["texts"]) for row in rows} == {
        post_id: (version, "", "deleted", [])
        if version in deleted
        else (version, str(version), "indexed", [f"Version {version} is about bread."])
        for post_id, version in newest.items()
    }


def test_delete_takes_effect_with_the_acknowledgement(wordpress):
    wordpress.publish(1, 10, "<p>We open at seven in the morning.</p>")
    assert wordpress.ask("When do you open in the morning?")["outcome"] == "quoted"
    wordpress.push({"op": "delete", "id": 1, "version": 11})
    assert wordpress.ask("When do you open in the morning?")["outcome"] == "abstained"


def test_bad_change_is_rejected_alone(wordpress):
    good = wordpress.upsert(1, 10, "<p>Good.</p>")
    wrong_type = wordpress.upsert(2, 10, "<p>Bad.</p>", title=7)
    unknown = wordpress.upsert(3, 10, "<p>Bad.</p>", colour="red")
    scheme = wordpress.upsert(4, 10, "<p>Bad.</p>", url="javascript:alert(1)")
    results = wordpress.push(wrong_type, good, unknown, scheme, {"op": "burn", "id": 6}).json["results"]
    assert [r["result"] for r in results] == ["rejected", "accepted", "rejected", "rejected", "rejected"]
    assert [r.get("code") for r in results] == [
        "invalid_document",
        None,
        "unknown_field",
        "invalid_document",
        "invalid_document",
    ]
    assert results[0]["id"] == 2
    assert "title" in results[0]["message"]


def test_fields_that_a_document_may_have_are_bounded(wordpress):
    bad = [
        {"terms": [{"taxonomy": "category"}]},
        {"terms": [{"taxonomy": "category", "name": "x", "slug": "x"}]},
        {"terms": [{"taxonomy": "category", "name": "x"}] * 501},
        {"fields": [{"name": "x", "value": 5}]},
        {"fields": [{"name": "x", "value": "y" * 10_001}]},
        {"excerpt": "x" * 10_001},
        {"author": None},
        {"hash": "x" * 65},
    ]
    results = wordpress.push(*(wordpress.upsert(n, 1, "<p>Text.</p>", **fields) for n, fields in enumerate(bad, 1)))
    assert [result["result"] for result in results.json["results"]] == ["rejected"] * len(bad)
    change = wordpress.upsert(1, 1, "<p>Text.</p>") | {"priority": 2}
    assert "priority" in wordpress.push(change).json["results"][0]["message"]


def test_characters_that_postgres_cannot_hold_are_dropped(wordpress):
    odd = "Open\x00ing"
    beside = {"excerpt": odd, "author": odd, "terms": [{"taxonomy": odd, "name": odd}], "hash": odd}
    wordpress.publish(1, 10, "<p>We open\x00 at \ud800seven.</p>", title=odd, **beside)
    assert wordpress.status()["documents"]["indexed"] == 1


def test_token_must_be_of_this_body(wordpress):
    body = json.dumps({"changes": []}).encode()
    other = wordpress.token(WRITE, bh=body_hash(b"another"))
    response = wordpress.push_body(body, other)
    assert (response.status_code, response.json["error"]["code"]) == (401, "body_hash_mismatch")


def test_ask_token_cannot_push(wordpress):
    response = wordpress.push_body(b"{}", wordpress.token(ASK, bh=body_hash(b"{}")))
    assert (response.status_code, response.json["error"]["code"]) == (403, "token_wrong_audience")


def test_bad_envelopes(wordpress):
    for body, status, code in [
        (b"{", 400, "invalid_json"),
        (b"[" * 100_000, 400, "invalid_json"),
        (b"\xff", 400, "invalid_json"),
        (b"[]", 400, "invalid_request"),
        (b'{"changes": [], "more": 1}', 400, "unknown_field"),
        (json.dumps({"changes": [{}] * 101}).encode(), 400, "invalid_request"),
        (b'{"changes": [' + b" " * 9_000_000 + b"]}", 413, "body_too_large"),
    ]:
        response = wordpress.push_body(body)
        assert (response.status_code, response.json["error"]["code"]) == (status, code), body[:40]


def test_only_changed_text_is_indexed_again(wordpress):
    text = "<p>The shop opens at seven in the morning.</p>"
    wordpress.publish(1, 10, text)
    wordpress.push(wordpress.upsert(1, 11, text, url="https://moved.example/"))
    assert wordpress.status()["documents"]["pending"] == 0
    assert wordpress.ask("When does the shop open?")["citations"][0]["url"] == "https://moved.example/"
    wordpress.push(wordpress.upsert(1, 12, text, title="Hours"))
    assert wordpress.status()["documents"]["pending"] == 1
