"""rag-ask reembed: another embedder, while the old one answers, with real processes and a stop in the middle."""

import json
import signal

import openai_server
import pytest
from sidecar_processes import Processes, fetch, free_port, until
from wordpress import EMBEDDER, WordPress

from rag_ask import embedders, indexer, reembed
from rag_ask.app import create_app
from rag_ask.database import Database
from rag_ask.embedders import Embedders
from rag_ask.errors import EmbedderMismatch, ProviderRejected, ProviderUnavailable
from rag_ask.settings import Settings

POSTS = 300
NEW = "openai/text-embedding-3-small/64"
QUESTION = {"question": "When does the shop open in the morning?"}


@pytest.fixture
def provider():
    with openai_server.OpenAIServer() as server:
        yield server


@pytest.fixture
def own_settings(own_url, settings, provider):
    """The old settings: they can build the new embedder too, should the database name it."""
    return Settings(
        database_url=own_url, secret=settings.secret, openai_base_url=provider.base_url, visitor_limits="999 per minute"
    )


@pytest.fixture
def site(own_settings):
    """A site with its posts indexed by the local embedder."""
    database = Database(own_settings.database_url, max_size=4, statement_timeout_s=30)
    database.open()
    app = create_app(own_settings)
    own = WordPress(app.test_client(), database, "own-site")
    own.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    yield own
    app.extensions["rag_ask"].database.close()
    database.close()


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


@pytest.fixture
def openai_embedder(own_settings):
    return Embedders(own_settings).named(NEW)


def many(site, count=POSTS):
    for start in range(2, count + 2, 100):
        site.push(*(site.upsert(n, 1, f"<p>Loaf number {n} costs pounds.</p>") for n in range(start, start + 100)))
    site.index()


def stored(site):
    """How many chunks each embedder has, how many are staged."""
    with site.database.system() as connection:
        rows = connection.execute("SELECT embedder, count(*) FROM chunks GROUP BY embedder").fetchall()
        staged = connection.execute("SELECT count(*) FROM staged_embeddings").fetchone()["count"]
    return {row["embedder"]: row["count"] for row in rows}, staged


def change(site, embedder):
    reports = []
    changed = reembed.reembed(site.database, embedder, lambda done, total: reports.append((done, total)))
    return changed, reports


def test_old_answers_until_the_switch_and_new_ones_after_it(site, provider, openai_embedder):
    many(site)
    answers = []

    class Asking:
        name, dimensions = openai_embedder.name, openai_embedder.dimensions

        def embed(self, texts):
            answers.append(site.ask(QUESTION["question"]))
            answers.append(site.status()["reembedding"])
            # The line goes on: what is indexed meanwhile is changed over too, also when it comes last.
            if len(answers) <= 2 * (POSTS // reembed.BATCH + 1):
                site.publish(1000 + len(answers), 1, f"<p>Meanwhile number {len(answers)}.</p>")
            return openai_embedder.embed(texts)

    generation = "SELECT generation FROM sites"
    with site.database.system() as connection:
        before = connection.execute(generation).fetchone()["generation"]
    changed, reports = change(site, Asking())
    assert changed
    assert reports[0] == (0, POSTS + 1)
    assert all("seven" in answer["answer"] for answer in answers[::2])
    assert answers[1] == {"embedder": NEW, "done": 0, "total": POSTS + 1}
    assert len(answers) > 2 * (POSTS // reembed.BATCH + 1)
    assert stored(site) == ({NEW: POSTS + 1 + POSTS // reembed.BATCH + 1}, 0)
    assert site.status()["reembedding"] is None
    assert site.status()["embedder"] == NEW
    with site.database.system() as connection:
        assert connection.execute(generation).fetchone()["generation"] > before
    provider.requests.clear()
    assert "seven" in site.ask(QUESTION["question"])["answer"]
    assert provider.requests[0].body["input"] == [QUESTION["question"]]


def test_it_goes_on_where_it_was_stopped(site, provider, openai_embedder):
    many(site)

    class Killed(Exception):
        pass

    class Mortal:
        name, dimensions, calls = openai_embedder.name, openai_embedder.dimensions, 0

        def embed(self, texts):
            self.calls += 1
            if self.calls == 2:
                raise Killed
            return openai_embedder.embed(texts)

    with pytest.raises(Killed):
        change(site, Mortal())
    assert stored(site) == ({EMBEDDER.name: POSTS + 1}, reembed.BATCH)
    assert site.status()["reembedding"] == {"embedder": NEW, "done": reembed.BATCH, "total": POSTS + 1}
    assert "seven" in site.ask(QUESTION["question"])["answer"]
    provider.requests.clear()
    changed, reports = change(site, openai_embedder)
    assert changed
    assert reports[0] == (reembed.BATCH, POSTS + 1)
    assert sum(len(request.body["input"]) for request in provider.requests) == POSTS + 1 - reembed.BATCH
    assert change(site, openai_embedder) == (False, [])


def test_back_to_the_old_settings_gives_a_change_up(site, openai_embedder):
    with site.database.system() as connection:
        assert reembed._begin(connection, NEW)
    assert site.status()["reembedding"] is not None
    assert change(site, EMBEDDER) == (False, [])
    assert site.status()["reembedding"] is None
    assert stored(site) == ({EMBEDDER.name: 1}, 0)


def test_a_provider_that_fails_for_a_while_is_waited_out(site, provider, openai_embedder, monkeypatch):
    monkeypatch.setattr(reembed, "PAUSES_S", (0, 0))
    provider.embeddings += [openai_server.status(500)] * 3
    assert change(site, openai_embedder)[0]
    monkeypatch.setattr(reembed, "PAUSES_S", ())
    provider.embeddings += [openai_server.status(401)]
    other = Embedders(Settings("", b"", openai_base_url=provider.base_url)).named("openai/other/64")
    with pytest.raises(ProviderUnavailable):
        change(site, other)
    assert stored(site)[0] == {NEW: 1}


def test_a_text_that_the_provider_refuses_costs_its_post_only(site, openai_embedder):
    many(site, 100)
    site.publish(500, 1, "<p>Poison is not sold here.</p>")

    class Refusing:
        name, dimensions = openai_embedder.name, openai_embedder.dimensions

        def embed(self, texts):
            if any("Poison" in text for text in texts):
                raise ProviderRejected("No.")
            return openai_embedder.embed(texts)

    assert change(site, Refusing())[0]
    assert stored(site) == ({NEW: 101}, 0)
    status = site.status()
    assert status["chunks"] == 101
    assert [(p["id"], p["state"], p["code"]) for p in status["problems"]] == [(500, "failed", "provider_rejected")]


def test_a_worker_with_the_old_embedder_stores_nothing_after_the_switch(site, openai_embedder):
    site.push(site.upsert(2, 1, "<p>The kitchen opens at noon.</p>"))

    class SwitchedMeanwhile:
        name, dimensions = EMBEDDER.name, EMBEDDER.dimensions

        def embed(self, texts):
            change(site, openai_embedder)
            return EMBEDDER.embed(texts)

    indexer.index_some(site.database, SwitchedMeanwhile())
    assert stored(site)[0] == {NEW: 1}
    assert site.status()["documents"]["pending"] == 1
    with pytest.raises(EmbedderMismatch):
        indexer.index_some(site.database, EMBEDDER)
    indexer.index_some(site.database, openai_embedder)
    assert stored(site)[0] == {NEW: 2}


def test_a_question_on_its_way_during_the_switch_is_asked_again(site, openai_embedder, monkeypatch):
    embed, calls = type(EMBEDDER).embed, []

    def switched_meanwhile(self, texts):
        calls.append(texts)
        if len(calls) == 1:
            monkeypatch.setattr(type(EMBEDDER), "embed", embed)
            change(site, openai_embedder)
        return embed(self, texts)

    monkeypatch.setattr(type(EMBEDDER), "embed", switched_meanwhile)
    assert "seven" in site.ask(QUESTION["question"])["answer"]
    assert calls == [[QUESTION["question"]]]


def test_a_process_that_cannot_build_the_new_embedder_says_so(site, own_settings):
    with site.database.system() as connection:
        connection.execute("UPDATE active_embedder SET embedder = 'other/model/8'")
    response = site.post("/v1/ask", QUESTION)
    assert (response.status_code, response.json["error"]["code"]) == (503, "embedder_changed")
    assert "other/model/8" in response.json["error"]["message"]
    assert response.headers["Retry-After"]


def test_the_first_start_chooses_and_later_ones_must_agree(own_url):
    database = Database(own_url, max_size=1, statement_timeout_s=30)
    database.open()
    for name in ("one/a/1", "two/b/2", "two/b/2"):
        with database.system() as connection:
            embedders.choose(connection, name)
            assert embedders.active_name(connection) == name
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


def test_two_runs_at_once_are_refused(site, openai_embedder):
    class AnotherRun:
        name, dimensions = openai_embedder.name, openai_embedder.dimensions

        def embed(self, texts):
            with pytest.raises(Exception, match="Another rag-ask reembed"):
                change(site, openai_embedder)
            return openai_embedder.embed(texts)

    assert change(site, AnotherRun())[0]
