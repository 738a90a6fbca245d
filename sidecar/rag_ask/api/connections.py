"""Connections: gunicorn's threads, each taken only for a request that has arrived whole and an answer that can leave.

gunicorn's gthread worker gives a thread to every connection and lets it wait there for the rest of the request: as
many half-open connections as threads stop it. Here the event loop gathers requests, with deadlines, and lets go of the
slowest when there is no room.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from rag_ask.api.client_socket import bound_sending, send_refusal, unread_bytes
from rag_ask.api.incoming import CONTINUE, HEAD_TIMEOUT_S, Incoming
from rag_ask.errors import BadRequest, Busy, RagAskError

READ_BYTES = 256 * 1024
MAX_UNREAD_BYTES = 64 * 1024
# Longer than any answer takes.
MAX_REQUEST_S = 300.0
LINGER_S = 2.0
SWEEP_S = 0.5
# A process that stops waits for a head no longer than for the next request of a kept connection.
STOP_AHEAD_S = HEAD_TIMEOUT_S - STOP_KEEPALIVE_LINGER
MAX_AT_WORK = 512
BODIES_HELD = 4


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """gthread, with the waiting for clients done in the event loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each in order of arrival, the longest waiting first.
        self._waiting: dict[Any, Incoming] = {}
        self._at_work: dict[Any, tuple[float, int]] = {}
        self._leaving: dict[Any, float] = {}
        self._held_bytes = 0
        self._swept_at = 0.0
        self._max_body_bytes: int = self.app.max_body_bytes

    def init_process(self) -> None:
        """Called by gunicorn after the fork."""
        # Whatever the other threads do: who asks whether the process is alive is told so.
        self._probe_thread = ThreadPoolExecutor(1, "probe")
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Called by gunicorn when somebody connects."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE) or not self._make_room():
                raise
        # By arrival and not by address: behind a proxy all visitors have the same one.
        while self.nr_conns >= self.worker_connections and self._make_room():
            pass

    def enqueue_req(self, conn: Any) -> None:
        """Called by gunicorn for a connection that is new, or has more to say: a request is gathered."""
        if not conn.initialized:
            conn.init()
            bound_sending(conn.sock)
        conn.sock.setblocking(False)
        self._waiting[conn] = Incoming(self.cfg, conn.client, self._max_body_bytes)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._receive, conn))
        # What followed the last request on the same connection.
        self._take(conn, conn.parser.unreader.take_buffered())

    def finish_request(self, conn: Any, fs: Future[bool]) -> None:
        """Called by gunicorn when a thread is done with a connection."""
        self._held_bytes -= self._at_work.pop(conn)[1]
        if not fs.cancelled() and fs.exception() is None and fs.result():
            super().finish_request(conn, fs)
        else:
            self._linger(conn)

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Called by gunicorn in a thread."""
        try:
            return bool(super().handle_request(req, conn))
        except BlockingIOError as error:
            raise BrokenPipeError(errno.EPIPE, "the client does not read its answer") from error

    def murder_pending(self) -> None:
        """Called by gunicorn at every turn of its loop: let go of who is too slow."""
        now = time.monotonic()
        if now < self._swept_at + SWEEP_S:
            return
        self._swept_at = now
        if not self.alive and not self._accepting:
            # Else whoever connects while the last streams end would wait for nobody.
            for listener in self.sockets:
                listener.close()
        for conn, incoming in list(self._waiting.items()):
            if not self.alive and not incoming.has_head and incoming.is_late(now + STOP_AHEAD_S):
                self._drop(conn)
            elif incoming.is_late(now):
                self._refuse(conn, BadRequest("request_timeout", "The request came too slowly. Send it again.", 408))
        for conn in [conn for conn, until in self._leaving.items() if now > until]:
            self._drop(conn)
        for conn, (started, _) in self._at_work.items():
            if now > started + MAX_REQUEST_S:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def _receive(self, conn: Any, sock: socket.socket) -> None:
        try:
            data = sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(conn, data)
        else:
            self._drop(conn)

    def _take(self, conn: Any, data: bytes) -> None:
        incoming = self._waiting[conn]
        self._held_bytes += len(data)
        try:
            incoming.add(data)
        except RagAskError as error:
            self._refuse(conn, error)
            return
        if incoming.expects_continue:
            incoming.expects_continue = False
            with contextlib.suppress(OSError):
                conn.sock.send(CONTINUE)
        if incoming.is_whole:
            self._start(conn)
        while self._held_bytes > BODIES_HELD * self._max_body_bytes and self._waiting:
            self._refuse(next(iter(self._waiting)), Busy())

    def _start(self, conn: Any) -> None:
        incoming = self._waiting[conn]
        if conn.parser.req_count and unread_bytes(conn.sock) > MAX_UNREAD_BYTES:
            self._drop(conn)
        elif incoming.is_probe:
            self._hand_over(conn, self._probe_thread)
        elif len(self._at_work) >= MAX_AT_WORK:
            self._refuse(conn, Busy())
        else:
            self._hand_over(conn, self.tpool)

    def _hand_over(self, conn: Any, threads: ThreadPoolExecutor) -> None:
        self.poller.unregister(conn.sock)
        data = self._waiting.pop(conn).data
        self._at_work[conn] = (time.monotonic(), len(data))
        conn.parser.unreader.unread(data)
        done = threads.submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def _refuse(self, conn: Any, error: RagAskError) -> None:
        """Answer without a thread, and hang up."""
        send_refusal(conn.sock, error)
        self._forget(conn)
        self._linger(conn)

    def _linger(self, conn: Any) -> None:
        """Hang up so that the answer is not lost: what is still sent is read for a moment (RFC 9112, 9.6)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError):
            self._drop(conn)
            return
        self._leaving[conn] = time.monotonic() + LINGER_S

    def _discard(self, conn: Any, sock: socket.socket) -> None:
        try:
            is_over = not sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            is_over = True
        if is_over:
            self._drop(conn)

    def _make_room(self) -> bool:
        """Let go of one connection: one that has its answer, or else the one that has kept us waiting longest."""
        conn = next(chain(self._leaving, self.keepalived_conns, self._waiting), None)
        if conn is None:
            return False
        with contextlib.suppress(ValueError):
            self.keepalived_conns.remove(conn)
        self._drop(conn)
        return True

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self._leaving.pop(conn, None)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Any) -> None:
        with contextlib.suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        if incoming := self._waiting.pop(conn, None):
            self._held_bytes -= len(incoming.data)
