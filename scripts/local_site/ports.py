"""Ports: free, ours, or somebody else's."""

from __future__ import annotations

import errno
import socket

from local_site import layout, processes
from local_site.layout import Problem


def check() -> None:
    """Raise Problem with every port that another program holds."""
    wanted = (
        ("serve", "the sidecar", layout.sidecar_port(), "RAG_ASK_PORT"),
        ("wordpress", "WordPress", layout.wordpress_port(), "RAG_ASK_WP_PORT"),
    )
    problems = [
        f"Port {port} is busy, and {who} needs it. Free it, or move {who}: {setting}={port + 100} scripts/up"
        for process, who, port, setting in wanted
        if is_busy(port) and not processes.is_running(process)
    ]
    if layout.sidecar_port() == layout.wordpress_port():
        problems.append("RAG_ASK_PORT and RAG_ASK_WP_PORT are the same port; change one")
    if problems:
        raise Problem("\n".join(problems))


def is_busy(port: int) -> bool:
    """Whether a server could not listen there; the rest of a closed connection does not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
