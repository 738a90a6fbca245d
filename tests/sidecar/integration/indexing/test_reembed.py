"""rag-ask reembed: another embedder, while the old one answers, with real processes and a stop in the middle."""

import pytest
from reembedding import NEW, POSTS, QUESTION, many, stored

from fakes import openai_server
from fakes.wordpress import EMBEDDER
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.indexing import reembed
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings


@pytest.fixture
def site(own_site):
    """A site with a post that the local embedder indexed."""
    own_site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    return own_site


@pytest.fixture
def openai_embedder(own_settings):
    return Embedders(own_settings).named(NEW)


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


def test_two_runs_at_once_are_refused(site, openai_embedder):
    class AnotherRun:
        name, dimensions = openai_embedder.name, openai_embedder.dimensions

        def embed(self, texts):
            with pytest.raises(Exception, match="Another rag-ask reembed"):
                change(site, openai_embedder)
            return openai_embedder.embed(texts)

    assert change(site, AnotherRun())[0]


def test_a_chunk_keeps_its_header_in_the_new_space(site, openai_embedder):
    with site.database.system() as connection:
        connection.execute("UPDATE chunks SET header = 'The shop in winter'")
    texts = []

    class Listening:
        name, dimensions = openai_embedder.name, openai_embedder.dimensions

        def embed(self, batch):
            texts.extend(batch)
            return openai_embedder.embed(batch)

    change(site, Listening())
    assert texts == ["Post 1\nThe shop in winter\nThe shop opens at seven in the morning."]
