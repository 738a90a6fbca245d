"""`rag-ask status`: a readable status, and a progress bar until everything is indexed."""

from __future__ import annotations

import time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from rag_ask.api.routes import status as status_
from rag_ask.cli import terminal
from rag_ask.db import sites
from rag_ask.errors import RagAskError
from rag_ask.indexing import contextual_headers
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings


def of_site(settings: Settings, site_id: str) -> dict[str, Any]:
    """The message of GET /v1/status."""
    with terminal.system(settings) as connection:
        sites.find(connection, site_id)
        return status_.of_site(connection, site_id, Embedders(settings))


def headers_due(settings: Settings, site_id: str) -> int:
    """How many documents wait for headers; none where nobody writes any."""
    if settings.chunk_headers == "off":
        return 0
    with terminal.system(settings) as connection:
        return contextual_headers.count_due(connection, site_id)


def print_status(found: dict[str, Any], headers_due: int = 0) -> None:
    """The status for people."""
    console = Console(highlight=False)
    counts = ", ".join(f"{count} {state}" for state, count in found["documents"].items() if count) or "none yet"
    console.print(f"documents: {counts}\nchunks: {found['chunks']}\nembedder: {found['embedder']}")
    console.print(f"last indexed: {found['last_indexed_at'] or 'never'}")
    if found["unproven"]:
        console.print(
            f"a backup was restored: {found['unproven']} documents are in no answer until the site confirms them"
        )
    if found["lag_s"]:
        console.print(f"the oldest pending document waits for {found['lag_s']} s")
    if headers_due:
        console.print(f"{headers_due} documents are found, and wait for headers that make them easier to find")
    if reembedding := found["reembedding"]:
        console.print(f"embedding anew by {reembedding['embedder']}: {reembedding['done']} of {reembedding['total']}")
    elif found["newer_embedder"]:
        console.print(
            f"a newer embedder finds more: {found['newer_embedder']}. To change to it, run rag-ask reembed",
            soft_wrap=True,
        )
    if budget := found["budget"]:
        end = f", used up at {budget['exhausted_at']}: answers are quotes" if budget["exhausted_at"] else ""
        console.print(f"spent today: {budget['spent_usd']:.4f} of {budget['limit_usd']:.2f} USD{end}")
        console.print(f"spent this month: {budget['month_usd']:.4f} USD")
    for refused in found["refused_origins"]:
        console.print(f"- pages at {refused['origin']} were refused, last at {refused['last_at']}")
    for problem in found["problems"]:
        console.print(f"- {problem['id']} {problem['title']!r}: {problem['message']} ({problem['code']})", markup=False)


def wait(settings: Settings, site_id: str, expect: int, timeout_s: int) -> None:
    """Show a progress bar until at least `expect` documents are there and none waits for its first attempt.

    One that failed and will be tried again is a problem that the status names, not something to wait for.
    Raises RagAskError when that takes longer than `timeout_s`.
    """
    deadline = time.monotonic() + timeout_s
    columns = (TextColumn("indexing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    embedders = Embedders(settings)
    with Progress(*columns) as progress, terminal.database(settings) as opened:
        bar = progress.add_task("indexing", total=None)
        while True:
            with opened.system() as connection:
                sites.find(connection, site_id)
                found = status_.of_site(connection, site_id, embedders)
            counts = found["documents"]
            failing = sum(problem["state"] == "pending" for problem in found["problems"])
            settled = counts["indexed"] + counts["skipped"] + counts["failed"] + failing
            waiting = counts["pending"] - failing
            progress.update(bar, completed=settled, total=max(expect, settled + waiting))
            if settled >= expect and not waiting:
                return
            if time.monotonic() > deadline:
                raise RagAskError("timeout", 504, f"{settled} documents were ready after {timeout_s} s; see the logs.")
            time.sleep(0.3)
