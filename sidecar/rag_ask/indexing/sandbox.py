"""Sandbox: documents are read in a process of its own, which the kernel stops at a limit of processor time and memory.

A C call that never ends holds Python's lock: in the worker itself it would stop the heartbeat, and SIGTERM with it.
"""

from __future__ import annotations

import atexit
import multiprocessing
import resource
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import TypeVar, cast

from rag_ask.errors import FileUnreadable, TooComplex, Unreadable
from rag_ask.indexing.chunk import Chunk
from rag_ask.indexing.queue import Claimed
from rag_ask.indexing.read import Read, read

CPU_S = 30
MEMORY_BYTES = 2 << 30
# The kernel counts CPU time only; this bounds a process that hangs without using any.
WALL_S = 600.0

T = TypeVar("T")


class Sandbox:
    """Starts its process at the first document and restarts it after each death. Safe to share between threads."""

    def __init__(self, cpu_s: int = CPU_S, memory_bytes: int = MEMORY_BYTES) -> None:
        self._limits = (cpu_s, memory_bytes)
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def read(self, document: Claimed, before: Sequence[Chunk]) -> Read:
        """See `read.read`. Raises TooComplex at a limit, Unreadable when the process breaks otherwise."""
        return self.call(read, document, before)

    def call(self, work: Callable[..., T], *arguments: object) -> T:
        """Call a function of a module. Raises TooComplex at a limit, Unreadable when the process breaks otherwise.

        A FileUnreadable of the function is raised here too.
        """
        with self._lock:
            try:
                pipe = self._started()
                pipe.send((work, arguments))
                found = pipe.recv() if pipe.poll(WALL_S) else None
            except (EOFError, OSError):
                found = None
            match found:
                case ("done", value):
                    return cast(T, value)
                case ("refused", (str(code), str(message))):
                    raise FileUnreadable(code, message)
                case ("failed", str(name)):
                    raise TooComplex(self._limits[0]) if name == "MemoryError" else Unreadable(name)
            raise self._stopped()

    def close(self) -> None:
        """Stop the process."""
        with self._lock:
            atexit.unregister(self.close)
            if self._process:
                self._stopped()

    def _started(self) -> Connection:
        if self._pipe is None:
            # Not forked: the threads of onnxruntime do not survive a fork.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, *self._limits), name="read", daemon=True)
            self._process.start()
            # The other end belongs to the process alone, so that each notices the death of the other.
            theirs.close()
            # Before multiprocessing's own handler, which would wait for a process that ignores SIGTERM.
            atexit.register(self.close)
        return self._pipe

    def _stopped(self) -> TooComplex | Unreadable:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if not process or not pipe:
            return Unreadable("it did not start")
        pipe.close()
        # One that reached a limit is dying already, and says why.
        process.join(1.0)
        process.kill()
        process.join()
        code = process.exitcode
        return TooComplex(self._limits[0]) if code in (-signal.SIGXCPU, -signal.SIGKILL) else Unreadable(f"exit {code}")


def _serve(pipe: Connection, cpu_s: int, memory_bytes: int) -> None:
    """Read documents until the worker is gone."""
    # The worker decides when to stop. A supervisor signals the whole group: the document in hand must not fail by it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    while True:
        try:
            work, arguments = pipe.recv()
        except EOFError:
            return
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + cpu_s + 1, hard))
        try:
            found: tuple[str, object] = ("done", work(*arguments))
        except FileUnreadable as error:
            found = ("refused", (error.code, error.message))
        # The text of a post is untrusted: an error that it causes fails this post only.
        except Exception as error:
            found = ("failed", type(error).__name__)
        pipe.send(found)
