"""Workers as processes: a live one keeps its documents however slow it is, a killed one's are taken over."""

import signal

import pytest
from sidecar_processes import Processes, until

from fakes import openai_server

LEASE_S = 2


@pytest.fixture
def start(own_url, provider):
    processes = Processes(own_url)

    def worker(**environment):
        return processes.start(
            "worker",
            f"--lease={LEASE_S}",
            RAG_ASK_EMBEDDER="openai",
            RAG_ASK_EMBEDDING_DIMENSIONS="64",
            OPENAI_BASE_URL=provider.base_url,
            **environment,
        )

    yield worker
    processes.stop()


def test_a_live_worker_keeps_a_document_for_longer_than_the_lease(start, own_site, provider):
    provider.embeddings.append(openai_server.embeddings(delay_s=3 * LEASE_S))
    own_site.push(own_site.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    first, second = start(), start()
    until(lambda: own_site.status()["documents"]["indexed"] == 1)
    assert len(provider.requests) == 1
    assert first.poll() is None
    assert second.poll() is None


def test_documents_of_a_killed_worker_are_taken_over_when_the_lease_ends(start, own_site, provider):
    provider.embeddings.append(openai_server.hang())
    own_site.push(own_site.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    first = start()
    until(lambda: provider.requests)
    second = start()
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    until(lambda: own_site.status()["documents"]["indexed"] == 1)
    assert len(provider.requests) == 2
    assert second.poll() is None


def test_worker_that_is_told_to_stop_ends_its_batch_first(start, own_site, provider):
    provider.embeddings.append(openai_server.embeddings(delay_s=1))
    own_site.push(own_site.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    worker = start()
    until(lambda: provider.requests)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert own_site.status()["documents"]["indexed"] == 1


def test_a_worker_forgets_words_whose_time_is_over(start, own_site):
    with own_site.database.system() as connection:
        connection.execute(
            "INSERT INTO questions (site_id, id, asked_at, question, outcome, confidence, document_ids, model, "
            "is_cached, latency_ms) VALUES (%s, gen_random_uuid(), now() - interval '31 days', 'When?', 'quoted', 1, "
            "'{}', 'quote', false, 1)",
            (own_site.site_id,),
        )
    worker = start()

    def words():
        with own_site.database.system() as connection:
            return connection.execute("SELECT question FROM questions").fetchone()["question"]

    until(lambda: words() is None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0


def test_a_worker_writes_headers_and_does_not_wait_for_one_when_told_to_stop(start, own_site, provider, capfd):
    provider.text = "[1] Winter hours"
    own_site.push(own_site.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    worker = start(RAG_ASK_ANSWER_MODEL="openai", RAG_ASK_CHUNK_HEADERS="on")

    def header():
        with own_site.database.system() as connection:
            row = connection.execute("SELECT header FROM chunks WHERE post_id = 1").fetchone()
        return row and row["header"]

    until(lambda: header() == "Winter hours")
    provider.chat.append(openai_server.hang("[1] Never"))
    own_site.push(own_site.upsert(1, 2, "<p>The shop closes at noon.</p>"))
    until(lambda: provider.disconnects == 0 and not provider.chat)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    # As it says when the provider did not answer in time.
    assert "write_nothing" not in capfd.readouterr().err
    assert header() is None
