"""The worker: every document ends indexed or named with its reason, whatever is in it and whatever dies."""

import threading

import pytest

from fakes.counting_embedder import CountingEmbedder
from fakes.wordpress import EMBEDDER
from rag_ask.errors import ProviderUnavailable
from rag_ask.indexing import indexer, queue


def due_now(database, site_id):
    with database.system() as connection:
        connection.execute(
            "UPDATE documents SET next_attempt_at = now(), leased_until = now() - interval '1s' WHERE site_id = %s",
            (site_id,),
        )


@pytest.mark.parametrize(
    ("html", "state", "question", "found"),
    [
        ("<p>متجرنا يفتح في الساعة السابعة صباحا.</p>", "indexed", "متى يفتح متجرنا؟", "السابعة"),
        ("<p>店は朝七時に開きます。パンは四百円です。</p>", "indexed", "店は何時に開きますか", "七時"),
        ("<p>🥐🥐 Croissants 🥐 are baked at dawn 🌅</p>", "indexed", "When are croissants baked?", "dawn"),
        (
            "<div><p>Broken <b>markup<p>closes <i>nothing</div></span> at dawn",
            "indexed",
            "What closes nothing?",
            "dawn",
        ),
        ("", "skipped", "Anything?", ""),
        ("<img src=x.png><script>alert(1)</script>", "skipped", "Anything?", ""),
        ("<div>" * 50_000 + "Deep text opens at dawn.", "indexed", "When does deep text open?", "dawn"),
        ("<!-- wp:x --><p>The kiln fires at dawn.</p><hr>" * 105_000, "indexed", "When does the kiln fire?", "dawn"),
    ],
    ids=["arabic", "japanese", "emoji", "broken", "empty", "no-text", "deep", "five-megabytes"],
)
def test_odd_posts(wordpress, html, state, question, found):
    wordpress.publish(1, 1, html, title="Odd")
    status = wordpress.status()
    assert status["documents"][state] == 1
    assert [problem["code"] for problem in status["problems"]] == (["no_text"] if state == "skipped" else [])
    assert found in str(wordpress.ask(question)["sources"]) + wordpress.ask(question)["answer"]


def test_counts_of_terms_follow_edits_and_deletes(wordpress, database):
    def counts():
        with database.tenant(wordpress.site_id) as connection:
            rows = connection.execute(
                "SELECT dimension, chunk_count FROM term_counts WHERE chunk_count <> 0"
            ).fetchall()
        return {row["dimension"]: row["chunk_count"] for row in rows}

    wordpress.publish(1, 1, "<p>Bread and butter.</p>", title="A")
    before = counts()
    wordpress.publish(2, 1, "<p>Bread and jam.</p>", title="A")
    wordpress.publish(2, 2, "<p>Only tea.</p>", title="A")
    assert counts() != before
    wordpress.push({"op": "delete", "id": 2, "version": 3})
    assert counts() == before


def test_old_chunks_answer_until_the_new_ones_are_stored(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>")
    wordpress.push(wordpress.upsert(1, 2, "<p>The shop opens at nine in the morning.</p>"))
    assert "seven" in wordpress.ask("When does the shop open?")["answer"]
    wordpress.index()
    assert "nine" in wordpress.ask("When does the shop open?")["answer"]


def test_a_document_of_older_rules_is_cut_anew_when_it_is_pushed_again(wordpress, database):
    html = "".join(f"<p>{paragraph}</p>" for paragraph in ("The kiln fires at dawn. " * 12, "Tea is free. " * 30))

    def texts():
        with database.tenant(wordpress.site_id) as connection:
            return [row["text"] for row in connection.execute("SELECT text FROM chunks ORDER BY position")]

    wordpress.publish(1, 1, html)
    cut = texts()
    with database.tenant(wordpress.site_id) as connection:
        connection.execute("UPDATE chunks SET text = text || ' Old.'")
    wordpress.publish(1, 2, html)
    assert texts() != cut, "the same text of the same rules is not read again"
    with database.tenant(wordpress.site_id) as connection:
        connection.execute("UPDATE documents SET content_hash = 'of older rules', chunk_version = chunk_version - 1")
    wordpress.publish(1, 3, html)
    assert texts() == cut


def test_provider_down_loses_nothing_and_gives_nothing_up(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    for _ in range(queue.MAX_ATTEMPTS + 3):
        due_now(database, wordpress.site_id)
        indexer.index_some(indexer.Shift(database, CountingEmbedder(ProviderUnavailable("The provider answered 429."))))
    problem = wordpress.status()["problems"][0]
    assert (problem["state"], problem["code"]) == ("pending", "provider_unavailable")
    assert problem["next_attempt_at"]
    due_now(database, wordpress.site_id)
    wordpress.index()
    assert wordpress.status()["documents"]["indexed"] == 1
    assert wordpress.status()["problems"] == []


def test_a_worker_pauses_when_the_provider_fails(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    pauses = []
    down = CountingEmbedder(ProviderUnavailable("The provider answered 429."))
    indexer.index_some(indexer.Shift(database, down, pause=pauses.append))
    assert pauses == [indexer.TROUBLE_S]


def test_one_poison_document_stops_no_other(wordpress, database):
    wordpress.push(
        *(wordpress.upsert(n, 1, f"<p>Post {n} {'poison' if n == 3 else ''} reads well.</p>") for n in range(1, 6))
    )
    indexer.index_some(indexer.Shift(database, CountingEmbedder(poison="poison")))
    status = wordpress.status()
    assert (status["documents"]["indexed"], status["documents"]["failed"]) == (4, 1)
    assert [(p["id"], p["code"]) for p in status["problems"]] == [(3, "provider_rejected")]


def test_a_version_that_fails_takes_the_one_before_along(wordpress, database):
    wordpress.publish(1, 1, "<p>The secret is seven.</p>")
    wordpress.push(wordpress.upsert(1, 2, "<p>The poison is eight.</p>"))
    assert "seven" in wordpress.ask("What is the secret?")["answer"]
    indexer.index_some(indexer.Shift(database, CountingEmbedder(poison="poison")))
    assert (wordpress.status()["documents"]["failed"], wordpress.status()["chunks"]) == (1, 0)
    assert wordpress.ask("What is the secret?")["sources"] == []


# A large document of more chunks than one request to the embedder holds.
SENTENCE = "The loaf rises for an hour on the warm shelf. "
LONG = "".join(f"<h2>Loaf {n}</h2><p>{SENTENCE * 10}</p>" for n in range(indexer.EMBED_BATCH + 9))


def test_small_documents_pass_a_large_one(wordpress, database, new_site):
    other = new_site()
    wordpress.push(wordpress.upsert(1, 1, LONG))
    indexed = []

    class PushesMeanwhile(CountingEmbedder):
        def embed(self, texts):
            if len(self.texts) == 0:
                other.push(other.upsert(2, 1, "<p>The shop opens at seven.</p>"))
            indexed.append((wordpress.status()["documents"]["indexed"], other.status()["documents"]["indexed"]))
            return super().embed(texts)

    assert indexer.index_some(indexer.Shift(database, PushesMeanwhile())) == 1
    # At the last request the other site's edit was indexed already, between two of the large one's.
    assert indexed[0] == (0, 0)
    assert indexed[-1] == (0, 1)
    assert wordpress.status()["documents"]["indexed"] == 1


@pytest.mark.parametrize("html", [LONG, "<p>Loaf.</p>"], ids=["large", "batch"])
def test_a_worker_that_is_told_to_stop_returns_what_it_holds(wordpress, database, html):
    stop = threading.Event()
    wordpress.push(*(wordpress.upsert(n, 1, html.replace("Loaf", f"Cake {n}")) for n in range(1, 4)))

    class ToldToStop(CountingEmbedder):
        def embed(self, texts):
            stop.set()
            return super().embed(texts)

    embedder = ToldToStop()
    indexer.index_some(indexer.Shift(database, embedder, stop=stop))
    # The request that ran is the last one.
    assert len(embedder.texts) <= indexer.EMBED_BATCH
    with database.system() as connection:
        [row] = connection.execute("SELECT count(*) FROM documents WHERE lease IS NOT NULL").fetchall()
    assert row["count"] == 0
    wordpress.index()
    assert wordpress.status()["documents"]["indexed"] == 3


def test_lease_of_a_dead_worker_is_taken_over_and_of_a_live_one_is_not(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    with database.system() as connection:
        assert len(queue.claim(connection, 10)) == 1
    assert indexer.index_some(indexer.Shift(database, EMBEDDER)) == 0
    due_now(database, wordpress.site_id)
    assert indexer.index_some(indexer.Shift(database, EMBEDDER)) == 1
    assert wordpress.status()["documents"]["indexed"] == 1


def die_with_the_next_batch(database, site_id):
    """A worker claims what is due, and dies. Returns how many documents it held."""
    with database.system() as connection:
        held = queue.claim_suspect(connection) or queue.claim(connection, 16)
    due_now(database, site_id)
    return len(held)


def test_a_death_harms_the_document_that_was_worked_on_alone(wordpress, database, new_site):
    other = new_site()
    for site in (wordpress, other):
        site.push(*(site.upsert(n, 1, f"<p>Page {n} of this site.</p>") for n in range(1, 6)))
    wordpress.push(wordpress.upsert(66, 1, "<p>Poison.</p>"))
    assert die_with_the_next_batch(database, wordpress.site_id) == 11
    due_now(database, other.site_id)
    # Another thread of the worker leaves them alone.
    assert indexer.index_some(indexer.Shift(database, CountingEmbedder()), takes_suspects=False) == 0

    class DiesOfPoison(CountingEmbedder):
        def embed(self, texts):
            if any("Poison" in text for text in texts):
                raise KeyboardInterrupt
            return super().embed(texts)

    deaths = 0
    while wordpress.status()["documents"]["pending"] and deaths <= queue.MAX_DEATHS:
        for site in (wordpress, other):
            due_now(database, site.site_id)
        try:
            indexer.index_some(indexer.Shift(database, DiesOfPoison()))
        except KeyboardInterrupt:
            deaths += 1
    assert deaths == queue.MAX_DEATHS
    assert [(p["id"], p["state"], p["code"]) for p in wordpress.status()["problems"]] == [(66, "failed", "worker_died")]
    assert wordpress.status()["documents"]["indexed"] == other.status()["documents"]["indexed"] == 5


def test_a_newer_worker_tries_again_what_an_older_one_failed_to_read(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>Poison.</p>"))
    with database.system() as connection:
        connection.execute(
            "UPDATE documents SET state = 'failed', code = 'worker_died', failed_by = %s, is_suspect = false "
            "WHERE site_id = %s",
            (queue.VERSION, wordpress.site_id),
        )
        assert queue.retry_failed(connection) == 0
        connection.execute("UPDATE documents SET failed_by = '0.0.1' WHERE site_id = %s", (wordpress.site_id,))
        assert queue.retry_failed(connection) == 1
    assert indexer.index_some(indexer.Shift(database, EMBEDDER)) == 1
    assert wordpress.status()["documents"]["indexed"] == 1


def test_push_during_indexing_wins(wordpress, database):
    wordpress.push(*(wordpress.upsert(n, 1, "<p>The shop opens at seven.</p>") for n in (1, 2)))

    class PushesMeanwhile(CountingEmbedder):
        def embed(self, texts):
            wordpress.push({"op": "delete", "id": 1, "version": 2})
            return super().embed(texts)

    indexer.index_some(indexer.Shift(database, PushesMeanwhile()))
    status = wordpress.status()
    assert (status["documents"]["deleted"], status["documents"]["indexed"], status["chunks"]) == (1, 1, 1)


def test_two_workers_share_the_queue(wordpress, database):
    wordpress.push(*(wordpress.upsert(n, 1, f"<p>Post number {n} is about subject {n}.</p>") for n in range(1, 61)))
    workers = [threading.Thread(target=wordpress.index) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    status = wordpress.status()
    assert (status["documents"]["indexed"], status["chunks"]) == (60, 60)
