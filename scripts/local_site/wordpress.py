"""WordPress by wp-env on its Playground runtime: PHP compiled to WebAssembly, with SQLite."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_site import layout, processes, terminal
from local_site.layout import Problem

WP_ENV = layout.NODE_MODULES / ".bin" / "wp-env"
CONFIG = layout.ROOT / ".wp-env.json"
OVERRIDE = layout.ROOT / ".wp-env.override.json"
DEV_SECRET = layout.STATE / "dev-secret"
REQUEST_TIMEOUT_S = 180
CRON_INTERVAL_S = 2


def get_core() -> None:
    terminal.run("setup", [layout.ROOT / "wp-env" / "get-wordpress", layout.WORDPRESS])


def start(connection_string: str) -> bool:
    """Start WordPress unless it runs with these settings. False when nothing had to be done."""
    if not DEV_SECRET.exists():
        layout.write_private(DEV_SECRET, secrets.token_urlsafe(32))
    override = {
        "core": str(layout.WORDPRESS),
        "port": layout.wordpress_port(),
        "config": {
            "RAG_ASK_CONNECTION": connection_string,
            "RAG_ASK_DEV_SECRET": DEV_SECRET.read_text(),
        },
    }
    text = json.dumps(override, indent=2)
    fingerprint = hashlib.sha256(text.encode() + CONFIG.read_bytes()).hexdigest()
    if processes.has_settings("wordpress", fingerprint):
        return False
    stop()
    layout.write_private(OVERRIDE, text + "\n")
    work = _work_folder()
    terminal.run("wp-env", [WP_ENV, "start", "--runtime=playground"], _environment())
    processes.remember("wordpress", int((work / "playground.pid").read_text()), fingerprint)
    return True


def stop() -> bool:
    return processes.stop("wordpress")


def _environment() -> dict[str, str]:
    """Without the person's own WP_ENV_* settings, which would win over the override file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WP_ENV_")}
    return {**kept, "WP_ENV_HOME": str(layout.WP_ENV_HOME)}


def _work_folder() -> Path:
    """wp-env's folder for this checkout, with the version that it looks up when wordpress.org is out of reach."""
    # wp-env keeps to this name, the MD5 of its configuration's path, where such a folder exists.
    work = layout.WP_ENV_HOME / hashlib.md5(str(CONFIG).encode(), usedforsecurity=False).hexdigest()
    work.mkdir(parents=True, exist_ok=True)
    work.chmod(0o700)
    version = re.search(r"wp_version = '([^']+)'", (layout.WORDPRESS / "wp-includes/version.php").read_text())
    cache = work / "wp-env-cache.json"
    kept = json.loads(cache.read_text()) if cache.exists() else {}
    cache.write_text(json.dumps({"latestWordPressVersion": version[1] if version else "", **kept}))
    return work


def import_content(body: dict[str, Any]) -> dict[str, Any]:
    """Give posts to the dev mu-plugin, which publishes them through WordPress."""
    return _dev("import", body)


def public_posts() -> int:
    """How many posts and pages anybody may read."""
    return int(_dev("state")["public"])


@contextmanager
def running_cron() -> Iterator[None]:
    """Start the events that are due, such as a push, again and again, as a host's own cron does."""
    is_over = threading.Event()
    url = layout.wordpress_url() + "/wp-cron.php"

    def run() -> None:
        while not is_over.is_set():
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=REQUEST_TIMEOUT_S):
                pass
            is_over.wait(CRON_INTERVAL_S)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()


def _dev(route: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{layout.wordpress_url()}/index.php?rest_route=/rag-ask-dev/v1/{route}",
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json", "X-Rag-Ask-Dev": DEV_SECRET.read_text()},
    )
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_S) as reply:
            found: dict[str, Any] = json.load(reply)
            return found
    except urllib.error.HTTPError as error:
        log = layout.WORDPRESS / "wp-content" / "debug.log"
        raise Problem(f"WordPress answered {error.code} to {route}; see {log.relative_to(layout.ROOT)}") from error
    except (OSError, ValueError) as error:
        raise Problem(f"WordPress did not answer to {route}: {error}") from error
