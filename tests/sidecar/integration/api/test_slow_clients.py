"""Clients that send slowly, read slowly or leave, against the real server: what they cost is their own connection."""

import contextlib
import json
import os
import re
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from free_port import free_port
from sidecar_processes import Processes, fetch, until

from fakes import openai_server
from rag_ask.api.auth import WRITE, body_hash
from rag_ask.api.serve import MAX_CONNECTIONS
from rag_ask.db import locks

QUESTION = {"question": "When does the shop open?"}
HALF_A_HEAD = b"GET /heal"
HALF_A_BODY = b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{"
BIG_ANSWER = b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"


class Server:
    """A `rag-ask serve` with few threads, and connections to it that are all closed at the end."""

    def __init__(self, processes, stack):
        self.port, self._processes, self._stack = free_port(), processes, stack

    def start(self, threads=4, **settings):
        settings |= {"RAG_ASK_PORT": str(self.port), "RAG_ASK_WEB_THREADS": str(threads)}
        process = self._processes.start("serve", **settings)
        until(lambda: fetch(self.port, "/readyz")[0] == 200)
        return process

    def connect(self, sent=b"", receive_buffer=0):
        client = self._stack.enter_context(socket.socket())
        if receive_buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        client.settimeout(60)
        client.connect(("127.0.0.1", self.port))
        client.sendall(sent)
        return client

    def question(self, token, **fields):
        body = json.dumps(QUESTION | fields).encode()
        head = (
            f"POST /v1/ask HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )
        return f"{head}Accept: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def server(database_url):
    processes = Processes(database_url)
    with contextlib.ExitStack() as stack:
        yield Server(processes, stack)
    processes.stop()


@pytest.fixture
def site(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    return wordpress


def everything(client):
    """What comes until the server hangs up."""
    return b"".join(iter(lambda: client.recv(65536), b""))


def read_until(client, ending):
    """What comes up to `ending`: one answer may arrive in several pieces."""
    data = b""
    while ending not in data:
        piece = client.recv(65536)
        assert piece, f"The server hung up after {data!r}"
        data += piece
    return data


def code_of(response):
    head, _, body = response.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]["code"]


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD, HALF_A_BODY])
def test_a_thousand_unfinished_requests_take_no_thread(server, site, sent):
    server.start()
    clients = [server.connect(sent) for _ in range(1000)]
    assert fetch(server.port, "/healthz")[0] == 200
    status, text = fetch(server.port, "/v1/ask", QUESTION, site.ask_token())
    assert (status, "seven" in text) == (200, True)
    # They are still connected, so they were in the way as long as this took.
    clients[-1].setblocking(False)
    with pytest.raises(BlockingIOError):
        clients[-1].recv(1)


def test_who_does_not_read_takes_no_thread(server, site):
    server.start()
    # Twice as many as threads, and more answers than a kernel holds.
    for _ in range(8):
        server.connect(BIG_ANSWER * 400, receive_buffer=4096)
    # So that the answers to the others have come to where the kernel takes no more.
    assert [fetch(server.port, "/readyz")[0] for _ in range(60)] == [200] * 60
    status, text = fetch(server.port, "/v1/ask", QUESTION, site.ask_token())
    assert (status, "seven" in text) == (200, True)


def test_who_asks_to_hang_up_and_does_not_holds_nobody_up(server, site):
    server.start()
    for _ in range(200):
        server.connect(BIG_ANSWER.replace(b"Host: x", b"Connection: close"), receive_buffer=4096)
    assert fetch(server.port, "/v1/ask", QUESTION, site.ask_token())[0] == 200


def test_the_longest_waiting_makes_room(server, site):
    server.start()
    clients = [server.connect(HALF_A_HEAD) for _ in range(MAX_CONNECTIONS + 10)]
    assert fetch(server.port, "/v1/ask", QUESTION, site.ask_token())[0] == 200
    assert everything(clients[0]) == b""


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (HALF_A_HEAD, (408, "request_timeout")),
        (b"POST /v1/ask HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", (411, "length_required")),
        (b"POST /v1/push HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", (413, "body_too_large")),
        (b"GET / HTTP/1.1\r\nCookie: " + b"x" * 40_000, (431, "header_too_large")),
    ],
)
def test_what_cannot_become_a_request_is_refused_without_a_thread(server, sent, expected):
    server.start(threads=1)
    response = everything(server.connect(sent))
    assert code_of(response) == expected
    # A page may read why, and cannot send cookies along.
    assert b"\r\nAccess-Control-Allow-Origin: *\r\n" in response
    assert b"Access-Control-Allow-Credentials" not in response


def test_a_request_in_pieces_and_two_in_one_are_answered(server):
    server.start(threads=1)
    client = server.connect()
    for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n":
        client.sendall(bytes([byte]))
    read_until(client, b'{"status":"ok"}')
    twice = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"
    client.sendall(twice)
    assert everything(client).count(b"200 OK") == 2


def test_a_large_body_is_asked_for(server, site):
    server.start()
    head = b"POST /v1/push HTTP/1.1\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"
    client = server.connect(head)
    assert read_until(client, b"\r\n\r\n").startswith(b"HTTP/1.1 100 Continue")
    client.sendall(b"x" * 1_000_000)
    read_until(client, b"token_missing")


def test_questions_past_the_cap_are_told_so_and_health_is_answered(server, site):
    with openai_server.OpenAIServer() as provider:
        provider.chat.extend([openai_server.comments("It opens ", every_s=0.2)] * 2)
        server.start(
            RAG_ASK_ANSWER_MODEL="openai",
            OPENAI_BASE_URL=provider.base_url,
            OPENAI_API_KEY="test",
            RAG_ASK_CACHE_TTL_S="0",
        )
        # Two of the four threads are for questions.
        held = [server.connect(server.question(site.ask_token(sub=f"v{n}"))) for n in range(2)]
        until(lambda: len(provider.requests) == 2)
        for n in range(20):
            client = server.connect(server.question(site.ask_token(sub=f"w{n}")))
            head, _, body = read_until(client, b"}}\n").partition(b"\r\n\r\n")
            assert b" 503 " in head
            assert re.search(rb"Retry-After: \d+", head)
            assert json.loads(body)["error"]["code"] == "busy"
        assert fetch(server.port, "/healthz")[0] == 200
        assert fetch(server.port, "/readyz")[0] == 200
        # A place is free again once its visitor has left.
        held[0].close()
        until(lambda: fetch(server.port, "/v1/ask", QUESTION, site.ask_token(sub="x"))[0] == 200)


def test_nobody_is_answered_who_left_before_the_start(server, site):
    """Their requests are there whole, and the server is held while they leave."""
    with openai_server.OpenAIServer() as provider:
        process = server.start(
            RAG_ASK_ANSWER_MODEL="openai",
            OPENAI_BASE_URL=provider.base_url,
            OPENAI_API_KEY="test",
            RAG_ASK_CACHE_TTL_S="0",
        )
        worker = int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
        os.kill(worker, signal.SIGSTOP)
        for n in range(2):
            server.connect(server.question(site.ask_token(sub=f"gone{n}"))).close()
        os.kill(worker, signal.SIGCONT)
        question = QUESTION | {"question": "When does the shop open on Mondays?"}
        # Until they are gone, they hold the two places.
        until(lambda: fetch(server.port, "/v1/ask", question, site.ask_token(sub="here"))[0] == 200)
        assert len(provider.requests) == 1


def test_a_stop_does_not_wait_for_half_a_request(server):
    process = server.start()
    clients = [server.connect(HALF_A_HEAD) for _ in range(10)]
    # So that none of them waits to be accepted any more.
    assert fetch(server.port, "/healthz")[0] == 200
    process.terminate()
    for client in clients:
        # The kernel resets a connection that is closed with something unread.
        with contextlib.suppress(ConnectionResetError):
            assert everything(client) == b""
    assert process.wait(60) == 0


def test_health_is_answered_when_every_thread_is_taken(server, database, database_url, site):
    """Pushes wait for a lock that the test holds."""
    server.start(threads=2)
    with ThreadPoolExecutor(4) as pool:
        with database.system() as connection:
            locks.hold_site(connection, site.site_id)
            pushes = [pool.submit(push, server.port, site, post_id) for post_id in range(10, 14)]
            until(lambda: waiting_for_locks(database_url) == 2)
            assert fetch(server.port, "/healthz")[0] == 200
            assert waiting_for_locks(database_url) == 2
        assert [push.result()[0] for push in pushes] == [202] * 4


def push(port, site, post_id):
    body = {"changes": [site.upsert(post_id, 1, "<p>Soon.</p>")]}
    return fetch(port, "/v1/push", body, site.token(WRITE, bh=body_hash(json.dumps(body).encode())))


def waiting_for_locks(url):
    """As a superuser: a role does not see what the other one waits for."""
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return connection.execute(query).fetchone()[0]
