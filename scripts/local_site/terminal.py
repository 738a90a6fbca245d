"""What a person sees: one line a step, and the end of the log when a step fails."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from local_site.layout import LOGS, ROOT, Problem

TAIL_LINES = 15


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what happens, and how long it took."""
    started = time.monotonic()
    print(f"{title} ...", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def run(log: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
    """Run to the end, with the output in `.state/logs/LOG.log`."""
    path = LOGS / f"{log}.log"
    with path.open("ab") as file:
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False
        ).returncode
    if code:
        raise Problem(f"{' '.join(map(str, command[:4]))} ended with code {code}\n{tail(log)}")


def output(command: Sequence[object], environment: Mapping[str, str]) -> str:
    """Run to the end and return what it printed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = "\n".join(done.stderr.strip().splitlines()[-TAIL_LINES:])
        raise Problem(f"{' '.join(map(str, command[:4]))} ended with code {done.returncode}\n{lines}")
    return done.stdout.strip()


def tail(log: str) -> str:
    """The last lines of a log."""
    path = LOGS / f"{log}.log"
    lines = path.read_text(errors="replace").splitlines()[-TAIL_LINES:] if path.exists() else []
    return "\n".join([f"the end of {path.relative_to(ROOT)}:", *(f"  {line}" for line in lines)])


def fail(problem: Problem) -> int:
    """Show the problem and return the exit code."""
    print(f"\n{problem}", file=sys.stderr)
    return 1
