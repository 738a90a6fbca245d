"""Where things lie and what can be set."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".state"
LOGS = STATE / "logs"
PIDS = STATE / "pids"
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"

POSTGRES = STATE / "postgres"
WORDPRESS = STATE / "wordpress"
WP_ENV_HOME = STATE / "wp-env"
SECRET = STATE / "secret"
CONNECTION_STRING = STATE / "connection-string"
ENVIRONMENT = STATE / "env"

# Of `scripts/test`; `scripts/up` keeps its models in the user's cache folder.
MODELS = STATE / "models"

SITE_ID = "crumb-and-kettle"
SITE_NAME = "Crumb & Kettle"


class Problem(Exception):
    """The local site cannot start; the text says what to do."""


def port(setting: str, default: int) -> int:
    """The port that the environment sets, else the default."""
    text = os.environ.get(setting, "").strip() or str(default)
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise Problem(f"{setting}={text} is no port; use a number from 1024 to 65535")
    return int(text)


def sidecar_port() -> int:
    return port("RAG_ASK_PORT", 8787)


def wordpress_port() -> int:
    return port("RAG_ASK_WP_PORT", 8888)


def sidecar_url() -> str:
    return f"http://127.0.0.1:{sidecar_port()}"


def wordpress_url() -> str:
    # "localhost", because wp-env sets the address of the site so.
    return f"http://localhost:{wordpress_port()}"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
