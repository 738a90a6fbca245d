"""A production-like WordPress for a measurement: nginx, PHP-FPM with opcache and MariaDB in a folder of their own."""

from __future__ import annotations

import contextlib
import getpass
import http.client
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from free_port import free_port
from sidecar_processes import until

ROOT = Path(__file__).parents[2]
CORE = ROOT / ".state/wordpress"
HOST = "shop.test"
CHILDREN = 2
NO_SERVER = "--no-defaults"
SBIN = Path("/usr/sbin")
FPM = """
[global]
error_log = {folder}/fpm.log
[www]
{user}
listen = {folder}/fpm.sock
pm = static
pm.max_children = {children}
clear_env = no
catch_workers_output = yes
php_admin_value[memory_limit] = 256M
"""
NGINX = """
daemon off; user {user}; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/body; fastcgi_temp_path {folder}/fastcgi; proxy_temp_path {folder}/p;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME {script};
            fastcgi_pass unix:{folder}/fpm.sock;
        }}
    }}
}}
"""


class Site(NamedTuple):
    """pids: of MariaDB and PHP-FPM; nginx is left out, because any web server may stand there."""

    port: int
    pids: tuple[int, int]

    def get(self, path: str) -> str:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers={"Host": HOST})
            response = connection.getresponse()
            body = response.read().decode()
            assert response.status == 200, body
            return body


@contextlib.contextmanager
def wordpress_site(script: Path, connection: str) -> Iterator[Site]:
    """Every request goes to this PHP script. connection: the plugin's connection string."""
    install_packages()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        for name in ("plugins", "database"):
            (folder / name).mkdir()
        (folder / "themes").symlink_to(CORE / "wp-content/themes")
        (folder / "plugins/rag-ask").symlink_to(ROOT / "wordpress-plugin")
        environment = os.environ | {
            "RAG_ASK_TEST_CORE": str(CORE),
            "RAG_ASK_TEST_SITE": str(folder),
            "RAG_ASK_BENCH_CONNECTION": connection,
        }
        mariadb = stack.enter_context(running_mariadb(folder))
        subprocess.run(["php", ROOT / "tests/plugin/install-site.php"], env=environment, check=True, timeout=120)
        fpm = stack.enter_context(running_fpm(folder, environment))
        port = stack.enter_context(running_nginx(folder, script))
        yield Site(port, (mariadb, fpm))


def install_packages() -> None:
    if not (CORE / "wp-settings.php").exists():
        subprocess.run([ROOT / "wp-env/get-wordpress", CORE], check=True, timeout=600)
    subprocess.run([ROOT / "scripts/install-php"], check=True, stdout=subprocess.DEVNULL, timeout=600)
    extensions = subprocess.run(["php", "-m"], check=True, capture_output=True, text=True).stdout.split()
    is_there = {
        "mariadb-server": (SBIN / "mariadbd").exists(),
        "nginx-light": (SBIN / "nginx").exists(),
        "php-fpm": any(SBIN.glob("php-fpm*")),
        "php-mysql": "mysqli" in extensions,
    }
    if missing := [package for package, found in is_there.items() if not found]:
        subprocess.run([ROOT / "scripts/install-debian", *missing], check=True, timeout=600)


@contextlib.contextmanager
def running_mariadb(folder: Path) -> Iterator[int]:
    user, socket = f"--user={getpass.getuser()}", f"--socket={folder}/mariadb.sock"
    data = f"--datadir={folder}/database"
    made = ["mariadb-install-db", NO_SERVER, data, user, "--auth-root-authentication-method=normal"]
    subprocess.run(made, check=True, capture_output=True, timeout=120)
    command = [str(SBIN / "mariadbd"), NO_SERVER, data, user, socket, "--skip-networking"]
    with (folder / "mariadb.log").open("wb") as log, running(command, log) as pid:
        client = ["mariadb", NO_SERVER, socket, "-u", "root", "-e", "CREATE DATABASE IF NOT EXISTS rag_ask_test"]
        until(lambda: subprocess.run(client, capture_output=True).returncode == 0)
        yield pid


@contextlib.contextmanager
def running_fpm(folder: Path, environment: dict[str, str]) -> Iterator[int]:
    is_root = os.getuid() == 0
    user = "user = root\ngroup = root" if is_root else ""
    (folder / "fpm.conf").write_text(FPM.format(folder=folder, user=user, children=CHILDREN))
    command = [
        str(max(SBIN.glob("php-fpm*"))),
        "--nodaemonize",
        "--fpm-config",
        str(folder / "fpm.conf"),
        *["-R"] * is_root,
    ]
    with running(command, subprocess.DEVNULL, environment) as pid:
        until((folder / "fpm.sock").exists)
        yield pid


@contextlib.contextmanager
def running_nginx(folder: Path, script: Path) -> Iterator[int]:
    port = free_port()
    config = NGINX.format(user=getpass.getuser(), folder=folder, port=port, script=script)
    (folder / "nginx.conf").write_text(config)
    command = [str(SBIN / "nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with running(command, subprocess.DEVNULL):
        until(lambda: socket.create_connection(("127.0.0.1", port)).close() is None)
        yield port


@contextlib.contextmanager
def running(command: list[str], log: object, environment: dict[str, str] | None = None) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # type: ignore[call-overload]
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)
