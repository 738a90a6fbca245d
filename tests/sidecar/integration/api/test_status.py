"""GET /v1/status and GET /v1/documents/ID: what is indexed, what waits, and what the assistant reads."""

import contract
import pytest

from fakes.wordpress import EMBEDDER


def document(wordpress, post_id):
    return wordpress.signed("GET", f"/v1/documents/{post_id}")


def test_status_has_the_shape_of_the_contract(wordpress):
    wordpress.push(wordpress.upsert(1, 1, "<p>Text.</p>"), wordpress.upsert(2, 1, ""))
    wordpress.index()
    expected = contract.message("status-response")
    found = wordpress.status()
    assert found.keys() == expected.keys()
    assert found["problems"][0].keys() == expected["problems"][0].keys()
    assert found["embedder"] == EMBEDDER.name
    same = ("embedding_price_usd", "reembedding", "newer_embedder")
    assert {name: found[name] for name in same} == {name: expected[name] for name in same}


def test_lag_is_the_age_of_the_oldest_pending_document(wordpress, database):
    wordpress.publish(1, 1, "<p>Text.</p>")
    assert wordpress.status()["lag_s"] == 0
    wordpress.push(wordpress.upsert(2, 1, "<p>Old.</p>"), wordpress.upsert(3, 1, "<p>New.</p>"))
    with database.system() as connection:
        connection.execute(
            "UPDATE documents SET pushed_at = now() - interval '90s' WHERE site_id = %s AND post_id = 2",
            (wordpress.site_id,),
        )
    assert 90 <= wordpress.status()["lag_s"] < 100


def test_document_has_the_shape_and_the_text_of_the_contract(wordpress):
    request, expected = contract.message("push-request"), contract.message("document-response")
    pushed = request["changes"][0]
    wordpress.push(pushed)
    wordpress.index()
    found = document(wordpress, 12).json
    assert found.keys() == expected.keys()
    varying = ("pushed_at", "indexed_at", "chunks", "text")
    assert {n: v for n, v in found.items() if n not in varying} == {
        n: v for n, v in expected.items() if n not in varying
    }
    assert found["text"].startswith(expected["text"])
    assert "Phone: 01632 960 001" in found["text"]


def test_text_is_what_is_indexed_at_this_moment(wordpress):
    html = "<p>Intro.</p><h2>Shop</h2><p>Seven.</p><h3>Sunday</h3><p>Eight.</p><h2>Kitchen</h2><p>Noon.</p>"
    wordpress.publish(1, 1, html)
    text = "Intro.\nShop\nSeven.\nSunday\nEight.\nKitchen\nNoon."
    assert document(wordpress, 1).json["text"] == text
    wordpress.push(wordpress.upsert(1, 2, "<p>Closed.</p>"))
    pending = document(wordpress, 1).json
    assert (pending["state"], pending["version"], pending["text"]) == ("pending", 2, text)
    wordpress.index()
    assert document(wordpress, 1).json["text"] == "Closed."


def test_a_document_without_text_says_why(wordpress):
    wordpress.publish(1, 1, "")
    found = document(wordpress, 1).json
    assert (found["state"], found["code"], found["text"], found["chunks"]) == ("skipped", "no_text", "", 0)
    assert found["message"]


def test_unknown_withdrawn_and_foreign_documents(wordpress, new_site):
    wordpress.publish(1, 1, "<p>Text.</p>")
    wordpress.push({"op": "delete", "id": 2, "version": 1})
    for site, post_id in ((wordpress, 2), (wordpress, 3), (new_site(), 1)):
        response = document(site, post_id)
        assert (response.status_code, response.json["error"]["code"]) == (404, "document_unknown")
        assert contract.message("errors")["status_by_code"]["document_unknown"] == 404


@pytest.mark.parametrize("post_id", ["0", "-1", "x", 10**30])
def test_ids_that_are_none(wordpress, post_id):
    assert document(wordpress, post_id).status_code == 404


def test_a_document_needs_a_write_token(wordpress):
    headers = {"Authorization": f"Bearer {wordpress.ask_token()}"}
    response = wordpress.client.get("/v1/documents/1", headers=headers)
    assert (response.status_code, response.json["error"]["code"]) == (403, "token_wrong_audience")
