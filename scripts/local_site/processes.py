"""Background processes: started once, known by pid and start time, stopped as a group."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local_site.layout import LOGS, PIDS, ROOT

STOP_TIMEOUT_S = 15


def start(name: str, command: Sequence[str | Path], environment: Mapping[str, str], fingerprint: str) -> bool:
    """Start unless it runs with these settings already. False when nothing had to be done."""
    if is_running(name) and _record(name).get("fingerprint") == fingerprint:
        return False
    stop(name)
    with (LOGS / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    remember(name, process.pid, fingerprint)
    return True


def remember(name: str, pid: int, fingerprint: str) -> None:
    """Write the pid file. `pid` leads a process group of its own."""
    record = {"pid": pid, "started": started_at(pid), "fingerprint": fingerprint}
    (PIDS / f"{name}.json").write_text(json.dumps(record))


def is_running(name: str) -> bool:
    """Whether the very process that was started still runs, not one that got its number later."""
    record = _record(name)
    return bool(record) and record["started"] is not None and started_at(record["pid"]) == record["started"]


def has_settings(name: str, fingerprint: str) -> bool:
    return is_running(name) and _record(name)["fingerprint"] == fingerprint


def stop(name: str) -> bool:
    """Stop the whole group: asked first, killed when that takes too long. False when it was not running."""
    was_running = is_running(name)
    if was_running:
        pid = _record(name)["pid"]
        for number, timeout_s in ((signal.SIGTERM, STOP_TIMEOUT_S), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, number)
            if _is_gone(name, timeout_s):
                break
    (PIDS / f"{name}.json").unlink(missing_ok=True)
    return was_running


def started_at(pid: int) -> str | None:
    """When the process was started, in the system's own words; None when it is gone or a zombie."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold anything, so count from behind it: state is field 3, start time 22.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _is_gone(name: str, timeout_s: float) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if not is_running(name):
            return True
        time.sleep(0.1)
    return False


def _record(name: str) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads((PIDS / f"{name}.json").read_text())
    except (OSError, ValueError):
        return {}
    return record
