"""Reading a document has limits of its own, and what breaks it harms nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from uuid import uuid4

import pytest

from fakes.wordpress import EMBEDDER
from rag_ask.errors import TooComplex, Unreadable
from rag_ask.indexing import indexer
from rag_ask.indexing.queue import Claimed
from rag_ask.indexing.sandbox import Sandbox

BREAD = Claimed("bakery", 1, uuid4(), 0, "Bread", "<p>We bake bread.</p>", "", "", [], [], "en")
# Tag soup is linear work, and a lot of it.
HEAVY = replace(BREAD, html="<li><b>x" * 900_000)
BIG = replace(BREAD, html="<p>" + "word " * 40_000_000)


@pytest.fixture
def sandbox():
    made = Sandbox(cpu_s=1)
    yield made
    made.close()


def texts(found):
    return [part.text for part in found.chunks]


def test_what_takes_too_long_is_stopped_and_the_next_one_is_read(sandbox):
    with pytest.raises(TooComplex, match="Simplify it"):
        sandbox.read(HEAVY, [])
    assert texts(sandbox.read(BREAD, [])) == ["We bake bread."]


def test_what_takes_too_much_memory_is_stopped():
    # A quarter less than what the parser itself may run out of: it does not always say so.
    sandbox = Sandbox(cpu_s=30, memory_bytes=3 << 28)
    with pytest.raises((TooComplex, Unreadable)):
        sandbox.read(BIG, [])
    assert texts(sandbox.read(BREAD, [])) == ["We bake bread."]
    sandbox.close()


def test_a_process_that_dies_is_started_anew(sandbox):
    sandbox.read(BREAD, [])
    os.kill(sandbox._process.pid, signal.SIGSEGV)
    with pytest.raises(Unreadable):
        sandbox.read(BREAD, [])
    assert texts(sandbox.read(BREAD, [])) == ["We bake bread."]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_fails_no_document(sandbox, number):
    sandbox.read(BREAD, [])
    os.kill(sandbox._process.pid, number)
    assert texts(sandbox.read(BREAD, [])) == ["We bake bread."]


def test_a_worker_that_ends_takes_its_process_along(tmp_path):
    """multiprocessing would wait for a process that ignores SIGTERM."""
    code = (
        "from rag_ask.indexing.sandbox import Sandbox\nfrom rag_ask.indexing.queue import Claimed\n"
        "from uuid import uuid4\n"
        "if __name__ == '__main__':\n"
        "    made = Sandbox()\n"
        "    made.read(Claimed('bakery', 1, uuid4(), 0, 'B', '<p>We bake.</p>', '', '', [], [], 'en'), [])\n"
        "    print(made._process.pid)\n"
    )
    script = tmp_path / "worker.py"
    script.write_text(code)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_a_post_that_cannot_be_read_fails_alone(wordpress, new_site, monkeypatch):
    other = new_site()
    small = Sandbox(cpu_s=1)
    monkeypatch.setattr(indexer, "SANDBOX", small)
    wordpress.push(wordpress.upsert(1, 1, HEAVY.html), wordpress.upsert(2, 1, "<p>We bake bread.</p>"))
    other.push(other.upsert(1, 1, "<p>We mend shoes.</p>"))
    indexer.index_some(indexer.Shift(wordpress.database, EMBEDDER))
    assert [(p["id"], p["code"]) for p in wordpress.status()["problems"]] == [(1, "too_complex")]
    assert (wordpress.status()["documents"]["indexed"], other.status()["documents"]["indexed"]) == (1, 1)
    small.close()
