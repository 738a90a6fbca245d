"""The sidecar: secret, database, site, web server, worker. docker-compose.yml runs the same commands."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shlex
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from local_site import layout, processes, terminal
from local_site.layout import Problem

RAG_ASK = layout.VENV / "bin" / "rag-ask"
MIGRATE = ("migrate",)
PROCESSES = {"serve": ("serve",), "worker": ("worker",)}
READY_TIMEOUT_S = 60
OWN_SETTINGS = ("RAG_ASK_", "OPENAI_", "REDIS_URL")


def make_secret() -> None:
    """Once: 256 bits from which the sidecar derives all keys."""
    if not layout.SECRET.exists():
        layout.write_private(layout.SECRET, secrets.token_urlsafe(32))


def start_database() -> str:
    """Start the embedded Postgres, where it does not run yet, and return its URL."""
    url = terminal.output([RAG_ASK, "postgres", "start", layout.POSTGRES], os.environ)
    return url.splitlines()[-1]


def write_environment(database_url: str) -> None:
    """Keep the settings for `scripts/rag-ask`; the person's own ones, such as an API key, stay out of the file."""
    settings = {
        "RAG_ASK_DATABASE_URL": database_url,
        "RAG_ASK_SECRET_FILE": str(layout.SECRET),
        "RAG_ASK_HOST": "127.0.0.1",
        "RAG_ASK_PORT": str(layout.sidecar_port()),
        "RAG_ASK_PUBLIC_URL": layout.sidecar_url(),
        # Files of the local site, which is at no public address.
        "RAG_ASK_FILE_HOSTS": "localhost,127.0.0.1",
    }
    if models := os.environ.get("RAG_ASK_MODELS_DIR"):
        settings["RAG_ASK_MODELS_DIR"] = models
    layout.write_private(
        layout.ENVIRONMENT, "".join(f"export {name}={shlex.quote(value)}\n" for name, value in settings.items())
    )


def environment() -> dict[str, str]:
    """The environment of every `rag-ask` command."""
    pairs = (shlex.split(line)[1].split("=", 1) for line in layout.ENVIRONMENT.read_text().splitlines())
    return {**os.environ, **dict(pairs)}


def migrate() -> None:
    terminal.run("migrate", [RAG_ASK, *MIGRATE], environment())


def get_model() -> None:
    """Once: the embedding model. A later run only looks whether it is whole."""
    if os.environ.get("RAG_ASK_EMBEDDER", "local") == "local":
        terminal.run("models", [RAG_ASK, "models", "get"], os.environ)


def register_site() -> str:
    """Register the site once and return its connection string; a site that moved is registered anew."""
    wanted = {"sidecar": layout.sidecar_url(), "site": layout.wordpress_url()}
    kept = layout.STATE / "site.json"
    if layout.CONNECTION_STRING.exists() and kept.exists() and json.loads(kept.read_text()) == wanted:
        return layout.CONNECTION_STRING.read_text().strip()
    if layout.SITE_ID in terminal.output([RAG_ASK, "sites", "list"], environment()).split():
        terminal.output([RAG_ASK, "sites", "remove", "--yes", layout.SITE_ID], environment())
    command = [RAG_ASK, "sites", "add", layout.SITE_ID, "--name", layout.SITE_NAME, "--url", wanted["site"]]
    connection_string = terminal.output(command, environment()).splitlines()[-1]
    layout.write_private(layout.CONNECTION_STRING, connection_string + "\n")
    kept.write_text(json.dumps(wanted))
    return connection_string


def start() -> None:
    """Start the web server and the worker and wait until they are ready."""
    settings = environment()
    own = sorted((name, value) for name, value in settings.items() if name.startswith(OWN_SETTINGS))
    fingerprint = hashlib.sha256(json.dumps(own).encode()).hexdigest()
    for name, arguments in PROCESSES.items():
        processes.start(name, [RAG_ASK, *arguments], settings, fingerprint)
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not _is_ready():
        for name in PROCESSES:
            if not processes.is_running(name):
                raise Problem(f"rag-ask {name} ended at once\n{terminal.tail(name)}")
        if time.monotonic() > deadline:
            raise Problem(f"the sidecar was not ready after {READY_TIMEOUT_S} s\n{terminal.tail('serve')}")
        time.sleep(0.2)


def stop() -> list[str]:
    """Stop what runs and return its names."""
    stopped = [name for name in reversed(PROCESSES) if processes.stop(name)]
    if RAG_ASK.exists() and (layout.POSTGRES / "postmaster.pid").exists():
        terminal.run("postgres", [RAG_ASK, "postgres", "stop", layout.POSTGRES])
        stopped.append("postgres")
    return stopped


def rag_ask(*arguments: str | Path) -> None:
    """Run a `rag-ask` command in the person's terminal."""
    if subprocess.run([RAG_ASK, *arguments], cwd=layout.ROOT, env=environment(), check=False).returncode:
        raise Problem(f"rag-ask {arguments[0]} failed\n{terminal.tail('worker')}")


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen(layout.sidecar_url() + "/readyz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
