"""The real server and the real worker, as processes that are started, asked and killed."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from free_port import free_port
from sidecar_processes import Processes, fetch, until

from fakes import openai_server
from rag_ask.api.auth import ASK


@pytest.fixture
def start(database_url):
    processes = Processes(database_url)
    yield processes.start
    processes.stop()


def test_serve_and_worker_from_push_to_answer(start, wordpress):
    port = free_port()
    serve = start("serve", RAG_ASK_PORT=str(port))
    start("worker")
    until(lambda: fetch(port, "/readyz")[0] == 200)
    assert fetch(port, "/healthz") == (200, '{"status":"ok"}\n')
    wordpress.push(wordpress.upsert(1, 1, "<p>The shop opens at seven in the morning.</p>"))
    until(lambda: wordpress.status()["documents"]["indexed"] == 1)
    status, text = fetch(port, "/v1/ask", {"question": "When does the shop open?"}, wordpress.ask_token())
    assert (status, "seven" in text) == (200, True)
    # What was asked last waits to be written; a process that is told to stop does so first.
    serve.terminate()
    assert (serve.wait(30), asked(wordpress)) == (0, 1)


def test_worker_killed_at_work_is_followed_by_the_next(start, wordpress, database):
    count = 40
    wordpress.push(
        *(wordpress.upsert(n, 1, f"<p>Post number {n} is about subject {n}.</p>") for n in range(1, count + 1))
    )
    for _ in range(3):
        worker = start("worker")
        until(lambda: leased(database, wordpress.site_id) or wordpress.status()["documents"]["indexed"] == count)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
    with database.system() as connection:
        connection.execute("UPDATE documents SET leased_until = now() WHERE leased_until IS NOT NULL")
    start("worker")
    until(lambda: wordpress.status()["documents"]["indexed"] == count)
    assert wordpress.status()["chunks"] == count


def leased(database, site_id):
    with database.system() as connection:
        query = "SELECT count(*) FROM documents WHERE site_id = %s AND lease IS NOT NULL"
        return connection.execute(query, (site_id,)).fetchone()["count"] > 0


def test_openai_line_and_its_failures(start, wordpress):
    """With a key the same lines run on an OpenAI-compatible server, played here by a local one."""
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    port = free_port()
    with openai_server.OpenAIServer() as provider:
        start(
            "serve",
            RAG_ASK_PORT=str(port),
            RAG_ASK_ANSWER_MODEL="openai",
            OPENAI_BASE_URL=provider.base_url,
            OPENAI_API_KEY="test",
            RAG_ASK_CACHE_TTL_S="0",
        )
        until(lambda: fetch(port, "/readyz")[0] == 200)
        question = {"question": "When does the shop open?"}
        provider.text = "It opens at seven [1][7]. It opens at nine [1]."
        status, text = fetch(port, "/v1/ask", question, wordpress.ask_token(), "text/event-stream")
        assert status == 200
        assert "event: done" in text
        assert '"outcome": "answered"' in text
        assert "[7]" not in text and "nine" not in text
        provider.chat.append(openai_server.broken("It opens at "))
        _, text = fetch(port, "/v1/ask", question, wordpress.ask_token(), "text/event-stream")
        assert "event: error" in text
        assert "provider_unavailable" in text
        assert "event: done" not in text
        assert "Traceback" not in text


def test_database_down_is_a_503_with_retry_after(start):
    port = free_port()
    start("serve", RAG_ASK_PORT=str(port), RAG_ASK_DATABASE_URL="postgresql://127.0.0.1:1/x")
    until(lambda: fetch(port, "/healthz")[0] == 200)
    status, text = fetch(port, "/readyz")
    assert (status, "did not answer" in text) == (503, True)
    token = jwt.encode({"aud": ASK}, "k" * 43, headers={"kid": "x"})
    status, text = fetch(port, "/v1/ask", {"question": "Hi"}, token)
    assert (status, "database_unavailable" in text) == (503, True)


def test_processes_share_one_call_and_its_answer(start, wordpress):
    """Two servers on one database; whoever comes first writes, and all four are written down."""
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    ports = [free_port(), free_port()]
    with openai_server.OpenAIServer() as provider:
        for port in ports:
            settings = {"RAG_ASK_PORT": str(port), "RAG_ASK_ANSWER_MODEL": "openai"}
            start("serve", OPENAI_BASE_URL=provider.base_url, OPENAI_API_KEY="test", **settings)
        for port in ports:
            until(lambda port=port: fetch(port, "/readyz")[0] == 200)

        def slow(handler, body):
            time.sleep(1)
            openai_server.chat(provider.text)(handler, body)

        provider.chat.append(slow)
        question, token = {"question": "When does the shop open?"}, wordpress.ask_token()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: fetch(ports[n % 2], "/v1/ask", question, token), range(4)))
        assert [status for status, _ in answers] == [200] * 4
        assert sorted(json.loads(text)["cached"] for _, text in answers) == [False, True, True, True]
        assert len(provider.requests) == 1
    until(lambda: asked(wordpress) == 4)


def asked(wordpress):
    """How many questions are written down."""
    with wordpress.database.system() as connection:
        query = "SELECT count(*) FROM questions WHERE site_id = %s"
        return connection.execute(query, (wordpress.site_id,)).fetchone()["count"]
