"""A reload (SIGHUP, as `systemctl reload` sends it) finishes what is streamed and serves what comes."""

import http.client
import json
import signal
import threading
from contextlib import closing
from pathlib import Path

import pytest
from free_port import free_port
from sidecar_processes import Processes, fetch, until

from fakes import openai_server

QUESTION = {"question": "When does the shop open?"}


@pytest.fixture
def start(database_url):
    processes = Processes(database_url)
    yield processes.start
    processes.stop()


def workers(server):
    return set(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split())


def streamed(port, token):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "text/event-stream"}
    connection.request("POST", "/v1/ask", json.dumps(QUESTION), headers)
    return closing(connection), connection.getresponse()


def test_a_reload_finishes_the_stream_and_runs_what_is_installed_now(start, wordpress, tmp_path):
    begun = tmp_path / "begun"
    (tmp_path / "sitecustomize.py").write_text(f"import os\nprint(os.getpid(), file=open({str(begun)!r}, 'a'))\n")
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    port, goes_on = free_port(), threading.Event()

    def slow(handler, body):
        handler.start_stream()
        handler.send_event(openai_server.chunk("The shop opens "))
        goes_on.wait(60)
        handler.send_event(openai_server.chunk("at seven [1]."))
        handler.send_event(openai_server.chunk(finish_reason="stop"))
        handler.send_event("[DONE]")
        handler.send_piece(b"")

    with openai_server.OpenAIServer() as provider:
        provider.chat.append(slow)
        model = {"RAG_ASK_ANSWER_MODEL": "openai", "OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "test"}
        own = {"RAG_ASK_PORT": str(port), "RAG_ASK_CACHE_TTL_S": "0", "PYTHONPATH": str(tmp_path)}
        server = start("serve", **own, **model)
        until(lambda: fetch(port, "/readyz")[0] == 200)
        [old] = workers(server)
        connection, stream = streamed(port, wordpress.ask_token())
        with connection:
            assert stream.readline().startswith(b"event: sources")
            server.send_signal(signal.SIGHUP)
            until(lambda: workers(server) > {old})
            assert begun.read_text().split() == [str(server.pid)] * 2
            answers = [fetch(port, "/v1/ask", QUESTION, wordpress.ask_token()) for _ in range(5)]
            assert [(status, "seven" in text) for status, text in answers] == [(200, True)] * 5
            assert old in workers(server)
            goes_on.set()
            rest = stream.read().decode()
        assert "at seven" in rest and "event: done" in rest
        until(lambda: old not in workers(server))
        assert fetch(port, "/v1/ask", QUESTION, wordpress.ask_token())[0] == 200
