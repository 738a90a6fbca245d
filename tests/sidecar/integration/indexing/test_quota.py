"""Quotas: one site cannot take the disk of the others, and what is refused is in no answer."""

import json
from dataclasses import replace

import pytest

from fakes.counting_embedder import CountingEmbedder
from fakes.wordpress import EMBEDDER
from rag_ask.indexing import indexer, queue
from rag_ask.indexing.quota import Quota


@pytest.fixture
def own_settings(own_settings):
    return replace(own_settings, max_site_documents=3, max_site_megabytes=1, max_site_chunks=50)


def results(response):
    return [(result["result"], result.get("code")) for result in json.loads(response.data)["results"]]


def test_a_document_too_many_is_refused_until_another_one_goes(own_site):
    changes = [own_site.upsert(n, 1, f"<p>Page {n}.</p>") for n in range(1, 5)]
    assert results(own_site.push(*changes)) == [("accepted", None)] * 3 + [("rejected", "quota_documents")]
    # A newer version of one that is there is none too many.
    assert results(own_site.push(own_site.upsert(1, 2, "<p>Page one.</p>"))) == [("accepted", None)]
    assert results(own_site.push({"op": "delete", "id": 2, "version": 2}, changes[3])) == [("accepted", None)] * 2


def test_a_version_that_is_too_long_takes_the_one_before_along(own_site):
    own_site.publish(1, 1, "<p>The secret is seven.</p>")
    assert own_site.ask("What is the secret?")["sources"]
    assert results(own_site.push(own_site.upsert(1, 2, "x" * 1_000_001))) == [("rejected", "quota_bytes")]
    assert own_site.ask("What is the secret?")["sources"] == []
    # The same version is accepted once there is room for it.
    own_site.publish(1, 2, "<p>The secret is eight.</p>")
    assert "eight" in own_site.ask("What is the secret?")["answer"]


def test_too_many_chunks_are_not_embedded_and_tried_again_at_the_next_start(own_site):
    paragraphs = "".join(f"<h2>Loaf {n}</h2><p>Loaf {n} rises for {n} hours.</p>" for n in range(80))
    own_site.push(own_site.upsert(1, 1, paragraphs))
    embedder = CountingEmbedder()
    indexer.index_some(indexer.Shift(own_site.database, embedder, quota=Quota(chunks=50)))
    assert embedder.texts == []
    assert [(p["state"], p["code"]) for p in own_site.status()["problems"]] == [("failed", "quota_chunks")]
    with own_site.database.system() as connection:
        assert queue.retry_failed(connection) == 1
    assert indexer.index_some(indexer.Shift(own_site.database, EMBEDDER)) == 1
    assert own_site.status()["documents"]["indexed"] == 1
