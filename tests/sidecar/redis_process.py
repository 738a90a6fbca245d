"""A real Redis on loopback that keeps nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from free_port import free_port
from sidecar_processes import until


@contextmanager
def running_redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its URL and its process. Redis is installed where it is missing."""
    if not shutil.which("redis-server"):
        subprocess.run(["scripts/install-debian", "redis-server"], check=True, timeout=300)
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        with redis.Redis.from_url(url) as client:
            until(lambda: _pings(client))
        yield url, server
    finally:
        # Also one that a test has stopped.
        server.kill()
        server.wait(10)


def _pings(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
