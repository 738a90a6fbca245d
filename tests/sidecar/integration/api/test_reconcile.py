"""POST /v1/reconcile: what a site holds, page by page, against what is here."""

import contract
import pytest

from rag_ask.fields import BIGINT_MAX
from rag_ask.messages import MAX_RECONCILED


def reconcile(wordpress, after, until, *known):
    documents = [{"id": post_id, "version": version, "hash": digest} for post_id, version, digest in known]
    response = wordpress.signed("POST", "/v1/reconcile", {"after": after, "until": until, "documents": documents})
    assert response.status_code == 200, response.text
    return response.json


def test_contract_request_gets_the_contract_response(wordpress):
    request, expected = contract.message("reconcile-request"), contract.message("reconcile-response")
    known = {document["id"]: document for document in request["documents"]}
    failed = expected["failed"][0]
    rows = {12: known[12]["version"], 13: expected["stale"][0]["version"], 15: expected["extra"][0]["version"]}
    rows[failed["id"]] = failed["version"]
    wordpress.push(
        *(
            wordpress.upsert(n, version, "<p>Text.</p>", hash=known.get(n, known[12])["hash"])
            for n, version in rows.items()
        )
    )
    with wordpress.database.system() as connection:
        connection.execute(
            "UPDATE documents SET state = 'failed', code = %s WHERE site_id = %s AND post_id = %s",
            (failed["code"], wordpress.site_id, failed["id"]),
        )
    found = wordpress.signed("POST", "/v1/reconcile", request).json
    assert found.keys() == expected.keys()
    index = {name: found[name] for name in ("incarnation", "generation")}
    assert found == expected | index


@pytest.mark.parametrize(
    ("known", "current", "missing", "stale", "extra"),
    [
        ([(1, 10, "a"), (2, 20, "b")], 2, [], [], []),
        # The clock of the site went on without a change of the text.
        ([(1, 9, "a"), (2, 20, "b")], 2, [], [], []),
        ([(1, 10, "x"), (2, 20, "b")], 1, [], [(1, 10)], []),
        ([(1, 11, "a"), (2, 20, "b")], 1, [], [(1, 10)], []),
        ([(2, 20, "b"), (3, 1, "c"), (4, 40, "d")], 1, [(3, 30), (4, 0)], [], [(1, 10)]),
        ([], 0, [], [], [(1, 10), (2, 20)]),
    ],
)
def test_what_differs_is_named_with_the_version_that_is_here(wordpress, known, current, missing, stale, extra):
    wordpress.push(
        wordpress.upsert(1, 10, "<p>One.</p>", hash="a"),
        wordpress.upsert(2, 20, "<p>Two.</p>", hash="b"),
        {"op": "delete", "id": 3, "version": 30},
    )
    found = reconcile(wordpress, 0, None, *known)
    named = {name: [(item["id"], item["version"]) for item in found[name]] for name in ("missing", "stale", "extra")}
    assert found["current"] == current
    assert named == {"missing": missing, "stale": stale, "extra": extra}


def test_a_page_ends_where_it_says(wordpress):
    wordpress.push(*(wordpress.upsert(n, 1, "<p>Text.</p>") for n in (1, 2, 3, 4)))
    assert [item["id"] for item in reconcile(wordpress, 1, 3)["extra"]] == [2, 3]
    assert [item["id"] for item in reconcile(wordpress, 3, BIGINT_MAX)["extra"]] == [4]


def test_a_site_sees_its_own_documents_only(new_site):
    one, other = new_site(), new_site()
    one.push(one.upsert(1, 1, "<p>Text.</p>", hash="a"))
    found = reconcile(other, 0, None, (1, 1, "a"))
    assert (found["current"], found["missing"], found["extra"]) == (0, [{"id": 1, "version": 0}], [])


def test_what_is_pushed_after_it_is_current(wordpress):
    wordpress.push(wordpress.upsert(1, 10, "<p>Old.</p>", hash="old"))
    (stale,) = reconcile(wordpress, 0, None, (1, 5, "new"))["stale"]
    wordpress.push(wordpress.upsert(1, stale["version"] + 1, "<p>New.</p>", hash="new"))
    assert reconcile(wordpress, 0, None, (1, 5, "new"))["current"] == 1


KNOWN = {"id": 1, "version": 1, "hash": "a"}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"after": -1, "until": None, "documents": []}, "after"),
        ({"after": 0, "until": 0, "documents": []}, "until"),
        ({"after": 1, "until": 5, "documents": [KNOWN]}, "documents"),
        ({"after": 0, "until": 5, "documents": [KNOWN, KNOWN]}, "documents"),
        ({"after": 0, "until": 5, "documents": [KNOWN | {"hash": 5}]}, "documents.0.hash"),
        ({"after": 0, "until": None, "documents": [{}] * (MAX_RECONCILED + 1)}, "documents"),
        ({"after": 0, "documents": []}, "until"),
    ],
)
def test_bad_pages(wordpress, body, named):
    response = wordpress.signed("POST", "/v1/reconcile", body)
    assert (response.status_code, response.json["error"]["code"]) == (400, "invalid_request")
    assert named in response.json["error"]["message"]


def test_needs_a_token_of_its_body(wordpress):
    response = wordpress.client.post("/v1/reconcile", json={})
    assert (response.status_code, response.json["error"]["code"]) == (401, "token_missing")
