"""Debian's nginx with the sample of docs/operators/proxy, on loopback ports of its own."""

import getpass
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from free_port import free_port
from sidecar_processes import fetch, until

SAMPLE = Path(__file__).parents[2] / "docs" / "operators" / "proxy" / "nginx.conf"
# What Debian's nginx.conf says around it, and packing for everything, so that it shows where the sample forbids it.
AROUND = """
daemon off; user {user}; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {sample}
}}
"""


@contextmanager
def running_nginx(folder: Path, sidecar_port: int) -> Iterator[tuple[int, int]]:
    """Its ports for HTTP and HTTPS. nginx is installed where it is missing."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if not nginx:
        subprocess.run(["scripts/install-debian", "nginx-light"], check=True, timeout=300)
        nginx = "/usr/sbin/nginx"
    http, https = free_port(), free_port()
    sample = SAMPLE.read_text(encoding="utf-8")
    for old, new in (
        (r"127\.0\.0\.1:8787", f"127.0.0.1:{sidecar_port}"),
        (r"listen \[::\].*\n", "\n"),
        (r"listen 80;", f"listen 127.0.0.1:{http};"),
        (r"listen 443 ", f"listen 127.0.0.1:{https} "),
        (r"/etc/letsencrypt/live/ask\.example\.com", str(folder)),
    ):
        sample, count = re.subn(old, new, sample)
        assert count, f"the sample has no {old}"
    config = AROUND.format(user=getpass.getuser(), folder=folder, sample=sample)
    (folder / "nginx.conf").write_text(config, encoding="utf-8")
    _make_certificate(folder)
    server = subprocess.Popen([nginx, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        until(lambda: fetch(http, "/")[0] == 308)
        yield http, https
    finally:
        server.terminate()
        server.wait(10)


def _make_certificate(folder: Path) -> None:
    name = [
        "-subj",
        "/CN=ask.example.com",
        "-addext",
        "subjectAltName=DNS:ask.example.com",
    ]
    files = [
        "-keyout",
        str(folder / "privkey.pem"),
        "-out",
        str(folder / "fullchain.pem"),
    ]
    kind = [
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
    ]
    subprocess.run(
        ["openssl", "req", *kind, *name, *files],
        check=True,
        capture_output=True,
        timeout=60,
    )
