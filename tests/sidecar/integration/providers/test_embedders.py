"""The active embedder: named by the database, followed by every process, changed with real processes and a kill."""

import json
import signal

import pytest
from free_port import free_port
from reembedding import NEW, POSTS, QUESTION, many, stored
from sidecar_processes import Processes, fetch, until

from fakes import openai_server
from fakes.wordpress import EMBEDDER
from rag_ask.db import active_embedder
from rag_ask.db.database import Database
from rag_ask.errors import EmbedderMismatch
from rag_ask.indexing import indexer, reembed
from rag_ask.providers.embedders import Embedders


@pytest.fixture
def site(own_site):
    """A site with a post that the local embedder indexed."""
    own_site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    return own_site


@pytest.fixture
def openai_embedder(own_settings):
    return Embedders(own_settings).named(NEW)


@pytest.fixture
def processes(own_settings):
    started = Processes(own_settings.database_url)
    yield started
    started.stop()


@pytest.fixture
def new(provider):
    return {
        "RAG_ASK_EMBEDDER": "openai",
        "RAG_ASK_EMBEDDING_DIMENSIONS": "64",
        "OPENAI_BASE_URL": provider.base_url,
    }


def change(site, embedder):
    return reembed.reembed(site.database, embedder, lambda done, total: None)


def test_a_worker_with_the_old_embedder_stores_nothing_after_the_switch(site, openai_embedder):
    site.push(site.upsert(2, 1, "<p>The kitchen opens at noon.</p>"))

    class SwitchedMeanwhile:
        name, dimensions = EMBEDDER.name, EMBEDDER.dimensions

        def embed(self, texts):
            change(site, openai_embedder)
            return EMBEDDER.embed(texts)

    indexer.index_some(indexer.Shift(site.database, SwitchedMeanwhile()))
    assert stored(site)[0] == {NEW: 1}
    assert site.status()["documents"]["pending"] == 1
    with pytest.raises(EmbedderMismatch):
        indexer.index_some(indexer.Shift(site.database, EMBEDDER))
    indexer.index_some(indexer.Shift(site.database, openai_embedder))
    assert stored(site)[0] == {NEW: 2}


def test_a_question_on_its_way_during_the_switch_is_asked_again(site, openai_embedder, monkeypatch):
    embed, calls = type(EMBEDDER).embed_questions, []

    def switched_meanwhile(self, texts):
        calls.append(texts)
        if len(calls) == 1:
            monkeypatch.setattr(type(EMBEDDER), "embed_questions", embed)
            change(site, openai_embedder)
        return embed(self, texts)

    monkeypatch.setattr(type(EMBEDDER), "embed_questions", switched_meanwhile)
    assert "seven" in site.ask(QUESTION["question"])["answer"]
    assert calls == [[QUESTION["question"]]]


def test_a_process_that_cannot_build_the_new_embedder_says_so(site, own_settings, caplog):
    with site.database.system() as connection:
        connection.execute("UPDATE active_embedder SET embedder = 'other/model/8'")
    response = site.post("/v1/ask", QUESTION)
    assert (response.status_code, response.json["error"]["code"]) == (503, "embedder_changed")
    # Which one, and what to do, is for the operator.
    assert "other/model/8" not in response.text
    assert "embedded by other/model/8 now. Restart this process" in caplog.text
    assert response.headers["Retry-After"]


def test_the_first_start_chooses_and_later_ones_must_agree(own_settings):
    database = Database(own_settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()
    for name in ("one/a/1", "two/b/2", "two/b/2"):
        with database.system() as connection:
            active_embedder.choose(connection, name)
            assert active_embedder.active_name(connection) == name
    database.close()


def test_from_the_refusal_to_the_switch_with_a_kill_in_the_middle(site, processes, provider, new):
    many(site)
    for command in ("serve", "worker", "check"):
        refused = processes.run(command, RAG_ASK_PORT=str(free_port()), **new)
        assert refused.returncode == 1
        for named in (EMBEDDER.name, NEW, "rag-ask reembed"):
            assert named in refused.stderr + refused.stdout
        assert "Traceback" not in refused.stderr

    provider.requests.clear()
    port = free_port()
    processes.start("serve", RAG_ASK_PORT=str(port), OPENAI_BASE_URL=provider.base_url)
    processes.start("worker", OPENAI_BASE_URL=provider.base_url)
    until(lambda: fetch(port, "/readyz")[0] == 200)

    def answer():
        status, text = fetch(port, "/v1/ask", QUESTION, site.ask_token())
        assert status == 200, text
        return json.loads(text)["answer"]

    # The first request asks whether the provider is there, the third one never ends.
    provider.embeddings += [openai_server.embeddings(), openai_server.embeddings(), openai_server.hang()]
    killed = processes.start("reembed", **new)
    until(lambda: len(provider.requests) == 3)
    assert "seven" in answer()
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)
    assert stored(site)[1] == reembed.BATCH

    finished = processes.run("reembed", **new)
    assert finished.returncode == 0, finished.stderr
    assert f"Answers come from {NEW} now." in finished.stdout
    assert stored(site) == ({NEW: POSTS + 1}, 0)
    # Both go on with the embedder that the database names.
    assert "seven" in answer()
    site.push(site.upsert(2000, 1, "<p>The kitchen opens at noon.</p>"))
    until(lambda: stored(site)[0] == {NEW: POSTS + 2})
    assert "already" in processes.run("reembed", **new).stdout
    assert processes.run("worker").returncode == 1
