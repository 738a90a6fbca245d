"""A process that is told to stop, while requests are on their way to it."""

import selectors
import socket
import time

import pytest
from gunicorn.sock import TCPSocket
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn

from rag_ask.api import connections
from rag_ask.api.connections import SWEEP_S, BufferingWorker
from rag_ask.api.serve import Server
from rag_ask.settings import Settings


@pytest.fixture
def worker():
    app = Server(Settings("", b"a test secret of more than thirty-two bytes"))
    worker = BufferingWorker(1, 0, [TCPSocket(("127.0.0.1", 0), app.cfg, None)], app, 30, app.cfg, None)
    worker.poller = selectors.DefaultSelector()
    yield worker
    worker.poller.close()
    worker.tmp.close()
    for listener in worker.sockets:
        listener.close()


@pytest.fixture
def client(worker):
    """Has connected, and sent nothing yet."""
    ours, client = socket.socketpair()
    worker.nr_conns = 1
    worker.enqueue_req(TConn(worker.cfg, ours, ("", 0), ("", 0)))
    with ours, client:
        client.setblocking(False)
        yield client


def at(monkeypatch, moment):
    monkeypatch.setattr(connections.time, "monotonic", lambda: moment)


def test_who_has_just_connected_is_waited_for(worker, client, monkeypatch):
    worker.alive, now = False, time.monotonic()
    worker.murder_pending()
    with pytest.raises(BlockingIOError):
        client.recv(1)
    at(monkeypatch, now + STOP_KEEPALIVE_LINGER + SWEEP_S)
    worker.murder_pending()
    assert (client.recv(1), worker.nr_conns) == (b"", 0)


def test_nobody_else_can_connect(worker):
    address = worker.sockets[0].getsockname()
    socket.create_connection(address).close()
    worker.alive = False
    worker.murder_pending()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
