"""What the local site is made with: Python packages and Node modules, as the locks say."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from local_site import terminal
from local_site.layout import NODE_MODULES, ROOT, VENV, Problem

LOCK = ROOT / "sidecar" / "requirements-dev.lock"
PROJECT = ROOT / "sidecar" / "pyproject.toml"
NODE_LOCK = ROOT / "package-lock.json"
MIN_NODE = 20


def check() -> None:
    """Raise Problem with everything that is missing."""
    problems = []
    if sys.version_info < (3, 11):  # noqa: UP036, started by whatever python3 there is
        problems.append(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")
    node = shutil.which("node")
    found = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip() if node else "none"
    if not node or int(found.lstrip("v").split(".")[0]) < MIN_NODE or not shutil.which("npm"):
        problems.append(f"Node {MIN_NODE} or newer with npm is needed, found: {found}")
    if problems:
        raise Problem("\n".join(problems))


def install_python_packages() -> None:
    """Make `.venv` hold exactly the lock."""
    wanted = _digest(LOCK, PROJECT)
    stamp = VENV / ".lock-installed"
    if _is_stamped(stamp, wanted):
        return
    if not (VENV / "bin" / "pip").exists():
        _make_venv()
    pip = VENV / "bin" / "pip"
    terminal.run("setup", [pip, "install", "--disable-pip-version-check", "--require-hashes", "-r", LOCK])
    terminal.run("setup", [pip, "install", "--disable-pip-version-check", "--no-deps", "-e", ROOT / "sidecar"])
    stamp.write_text(wanted)


def install_node_modules() -> None:
    """Make `node_modules` hold exactly the lock."""
    wanted = _digest(NODE_LOCK)
    stamp = NODE_MODULES / ".lock-installed"
    if not _is_stamped(stamp, wanted):
        terminal.run("setup", ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])
        stamp.write_text(wanted)


def _make_venv() -> None:
    try:
        terminal.run("setup", [sys.executable, "-m", "venv", "--clear", VENV])
    except Problem:
        # Debian keeps what `venv` needs in a package of its own.
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise Problem("python3 cannot make a venv; install it (Debian: apt-get install python3-venv)") from None
        terminal.run("setup", [ROOT / "scripts" / "install-debian", "python3-venv"])
        terminal.run("setup", [sys.executable, "-m", "venv", "--clear", VENV])


def _is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def _digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
