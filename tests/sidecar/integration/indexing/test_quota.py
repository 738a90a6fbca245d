"""Quotas: one site cannot take the disk of the others, and what is refused is in no answer."""

import json

import pytest

from fakes.counting_embedder import CountingEmbedder
from fakes.wordpress import EMBEDDER, WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.indexing import indexer, queue
from rag_ask.indexing.quota import Quota


@pytest.fixture
def limited(own_settings):
    """A site of three documents and one megabyte at most."""
    settings = own_settings.__class__(
        **vars(own_settings) | {"max_site_documents": 3, "max_site_megabytes": 1, "max_site_chunks": 50}
    )
    database = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    database.open()
    app = create_app(settings)
    yield WordPress(app.test_client(), database, "own-site")
    app.extensions["rag_ask"].database.close()
    database.close()


def results(response):
    return [(result["result"], result.get("code")) for result in json.loads(response.data)["results"]]


def test_a_document_too_many_is_refused_until_another_one_goes(limited):
    changes = [limited.upsert(n, 1, f"<p>Page {n}.</p>") for n in range(1, 5)]
    assert results(limited.push(*changes)) == [("accepted", None)] * 3 + [("rejected", "quota_documents")]
    # A newer version of one that is there is none too many.
    assert results(limited.push(limited.upsert(1, 2, "<p>Page one.</p>"))) == [("accepted", None)]
    assert results(limited.push({"op": "delete", "id": 2, "version": 2}, changes[3])) == [("accepted", None)] * 2


def test_a_version_that_is_too_long_takes_the_one_before_along(limited):
    limited.publish(1, 1, "<p>The secret is seven.</p>")
    assert limited.ask("What is the secret?")["sources"]
    assert results(limited.push(limited.upsert(1, 2, "x" * 1_000_001))) == [("rejected", "quota_bytes")]
    assert limited.ask("What is the secret?")["sources"] == []
    # The same version is accepted once there is room for it.
    limited.publish(1, 2, "<p>The secret is eight.</p>")
    assert "eight" in limited.ask("What is the secret?")["answer"]


def test_too_many_chunks_are_not_embedded_and_tried_again_at_the_next_start(limited):
    paragraphs = "".join(f"<h2>Loaf {n}</h2><p>Loaf {n} rises for {n} hours.</p>" for n in range(80))
    limited.push(limited.upsert(1, 1, paragraphs))
    embedder = CountingEmbedder()
    indexer.index_some(indexer.Shift(limited.database, embedder, quota=Quota(chunks=50)))
    assert embedder.texts == []
    assert [(p["state"], p["code"]) for p in limited.status()["problems"]] == [("failed", "quota_chunks")]
    with limited.database.system() as connection:
        assert queue.retry_failed(connection) == 1
    assert indexer.index_some(indexer.Shift(limited.database, EMBEDDER)) == 1
    assert limited.status()["documents"]["indexed"] == 1
