"""What embedding costs, counted for the site that it is done for; what counts, and what it may never stop."""

from dataclasses import replace

import pytest
from reembedding import NEW

from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.indexing import indexer, reembed
from rag_ask.providers import metered, usage
from rag_ask.providers.embedders import Embedders

QUESTION = {"question": "When does the bakery open?"}
OPENING = "The bakery opens at seven in the morning."
# A million of them for a dollar: as many millionths as tokens.
PRICE_USD = 1.0


@pytest.fixture
def settings(own_settings):
    return replace(
        own_settings,
        embedder="openai",
        embedding_dimensions=64,
        embedding_price_usd=PRICE_USD,
        openai_api_key="sk-key",
        min_score=0.0,
        sure_score=0.0,
        cache_ttl_s=0,
    )


@pytest.fixture
def app(settings):
    made = create_app(settings)
    yield made
    made.extensions["rag_ask"].database.close()


@pytest.fixture
def database(own_settings):
    opened = Database(own_settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def embedder(settings):
    return Embedders(settings).named(NEW)


@pytest.fixture
def bakery(app, database):
    return WordPress(app.test_client(), database, "bakery")


def push(site, post_id, text, version=1):
    assert site.push(site.upsert(post_id, version, f"<p>{text}</p>", title="Hours")).status_code == 202


def counted(site):
    """Today's tokens embedded, and what was spent on everything, in millionths."""
    with site.database.tenant(site.site_id) as connection:
        row = connection.execute("SELECT embedding_tokens, cost_microusd FROM usage").fetchone()
    return (row["embedding_tokens"], row["cost_microusd"]) if row else None


def words(provider):
    """What the provider was asked to embed: a word is a token to it."""
    return sum(len(text.split()) for request in provider.requests for text in request.body.get("input", ()))


def search(site, question):
    response = site.post("/v1/search", {"question": question})
    assert response.status_code == 200, response.text


def test_texts_count_once_and_not_again_when_nothing_changed(bakery, database, embedder, provider):
    push(bakery, 1, OPENING)
    indexer.index_some(indexer.Shift(database, embedder))
    first = counted(bakery)
    assert first == (words(provider), words(provider))
    assert first[0] >= len(OPENING.split())
    push(bakery, 1, OPENING, version=2)
    indexer.index_some(indexer.Shift(database, embedder))
    assert bakery.status()["documents"]["indexed"] == 1
    assert counted(bakery) == first


def test_many_posts_are_embedded_by_one_request(bakery, database, embedder, provider):
    for n in range(1, indexer.PAID_CLAIM_SIZE + 1):
        push(bakery, n, f"{OPENING} That is day {n} of the year.")
    assert indexer.index_some(indexer.Shift(database, embedder)) == indexer.PAID_CLAIM_SIZE
    assert len(provider.requests) == 1


def test_sites_in_one_batch_pay_for_what_is_theirs(app, bakery, database, embedder, provider):
    other = WordPress(app.test_client(), database, "library")
    push(bakery, 1, OPENING)
    push(other, 1, " ".join(f"{OPENING} That is day {n} of the year." for n in range(1, 4)))
    indexer.index_some(indexer.Shift(database, embedder))
    assert len(provider.requests) == 1
    short, long = counted(bakery)[0], counted(other)[0]
    assert short + long == words(provider)
    assert 2 < long / short < 6


def test_a_question_counts_unless_its_vector_is_kept(bakery, provider):
    for _ in range(2):
        search(bakery, QUESTION["question"])
    assert counted(bakery) == (5, 5)
    search(bakery, "Is there bread?")
    assert counted(bakery) == (8, 8) == (words(provider),) * 2


def test_an_extractive_answer_embeds_the_question_alone(bakery, database, embedder, provider):
    push(bakery, 1, OPENING)
    indexer.index_some(indexer.Shift(database, embedder))
    assert bakery.ask(**QUESTION)["outcome"] == "quoted"
    assert len(provider.requests) == 2
    assert counted(bakery)[0] == words(provider)


def test_embedding_anew_counts_for_each_site(app, bakery, database, provider, embedder, settings):
    other = WordPress(app.test_client(), database, "library")
    push(bakery, 1, OPENING)
    push(other, 1, "The library lends books, maps and garden tools to whoever lives in the town.")
    bakery.index()
    assert (counted(bakery), counted(other)) == (None, None)
    assert reembed.reembed(database, embedder, lambda done, total: None)
    assert counted(bakery)[0] + counted(other)[0] == words(provider)
    assert counted(bakery) != counted(other)


def test_what_costs_nothing_writes_nothing(own_site):
    own_site.publish(1, 1, f"<p>{OPENING}</p>")
    search(own_site, QUESTION["question"])
    assert counted(own_site) is None


def test_a_server_without_a_price_counts_tokens_alone(bakery, database, settings):
    free = Embedders(replace(settings, embedding_price_usd=None, openai_api_key="")).named(NEW)
    metered.for_site(free, database, bakery.site_id).embed([OPENING])
    assert counted(bakery) == (8, 0)


def test_parts_of_a_millionth_add_up(bakery, database, settings):
    cheap = metered.for_site(Embedders(replace(settings, embedding_price_usd=0.02)).named(NEW), database, "bakery")
    for _ in range(100):
        cheap.embed(["When do you open?"])
    assert counted(bakery) == (400, 8)


def test_what_cannot_be_counted_is_logged_and_done_all_the_same(bakery, database, embedder, monkeypatch, caplog):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(usage, "count_embedding", broken)
    push(bakery, 1, OPENING)
    indexer.index_some(indexer.Shift(database, embedder))
    search(bakery, QUESTION["question"])
    assert bakery.status()["documents"]["indexed"] == 1
    assert "metered.count" in caplog.text
    assert counted(bakery) is None


def test_a_site_that_is_gone_costs_nobody(database, embedder, caplog):
    assert metered.for_site(embedder, database, "gone").embed([OPENING]).shape == (1, 64)
    assert "'site': 'gone'" in caplog.text


def test_past_the_budget_no_answer_is_paid_and_texts_are_embedded(settings, database, embedder, provider):
    app = create_app(replace(settings, answer_model="openai"))
    site = WordPress(app.test_client(), database, "paid")
    provider.text = f"{OPENING[:-1]} [1]."
    push(site, 1, OPENING)
    indexer.index_some(indexer.Shift(database, embedder))
    with database.system() as connection:
        sites.set_daily_budget(connection, site.site_id, "0.01")
    assert site.ask(**QUESTION)["outcome"] == "answered"
    assert site.status()["budget"]["spent_usd"] == counted(site)[1] / 1_000_000
    push(site, 2, " ".join(f"Loaf {n} is baked of flour, water and salt." for n in range(1200)))
    indexer.index_some(indexer.Shift(database, embedder))
    assert counted(site)[1] > 10_000
    assert site.ask("Who bakes the loaves?")["outcome"] == "budget_exhausted"
    before = counted(site)
    push(site, 3, "The kitchen opens at noon.")
    indexer.index_some(indexer.Shift(database, embedder))
    assert site.status()["documents"]["indexed"] == 3
    after = counted(site)
    assert after[0] > before[0]
    # Read before the wordings are embedded to be put together.
    assert site.signed("GET", "/v1/insights?days=7").json["cost_usd"] == after[1] / 1_000_000
    app.extensions["rag_ask"].database.close()


def test_insights_count_what_they_embed(bakery, provider):
    with bakery.database.system() as connection:
        connection.execute(
            "INSERT INTO questions (site_id, id, question, outcome, confidence, document_ids, model, is_cached, "
            "latency_ms) VALUES ('bakery', gen_random_uuid(), 'Is there parking?', 'abstained', 0, '{}', 'm', false, 1)"
        )
    assert bakery.signed("GET", "/v1/insights?days=7").status_code == 200
    assert counted(bakery)[0] == words(provider) > 0
