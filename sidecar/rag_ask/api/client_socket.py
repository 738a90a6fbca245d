"""A client's socket: how much of an answer it holds, for how long, and a refusal that takes no thread."""

from __future__ import annotations

import contextlib
import fcntl
import json
import socket
import struct
import termios
from http import HTTPStatus

from rag_ask import errors
from rag_ask.errors import RagAskError

# Larger than any answer to who shows no token, so that no thread waits for who does not read.
SEND_BUFFER_BYTES = 256 * 1024
SEND_TIMEOUT_S = 10


def bound_sending(sock: socket.socket) -> None:
    """Let the kernel hold a whole answer, and a blocked send fail with BlockingIOError after SEND_TIMEOUT_S."""
    # The client may be gone already; the next read tells.
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_TIMEOUT_S, 0))


def unread_bytes(sock: socket.socket) -> int:
    """How much of what was sent the client has not taken yet."""
    try:
        count: int = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0]
    except OSError:
        return 0
    return count


def send_refusal(sock: socket.socket, error: RagAskError) -> None:
    """Send an error as a response that ends the connection. Does not block."""
    body = json.dumps(errors.body(error)).encode()
    head = [
        f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        # Nothing here is of a site or a visitor, so that any page may read it; without it a page sees a network error.
        "Access-Control-Allow-Origin: *",
        "Access-Control-Expose-Headers: Retry-After",
    ]
    if error.retry_after_s is not None:
        head.append(f"Retry-After: {error.retry_after_s}")
    # So little fits into the buffer of every client that has read what came before.
    with contextlib.suppress(OSError):
        sock.send("\r\n".join([*head, "", ""]).encode() + body)


def has_left(sock: socket.socket) -> bool:
    """Whether the client has hung up. Takes nothing of what it sent."""
    try:
        return not sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True
