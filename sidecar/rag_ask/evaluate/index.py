"""Index: datasets -> throw-away sites of the database, with headers where they are measured; removed at the end."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from rag_ask import messages
from rag_ask.db import locks, sites
from rag_ask.db.database import Conn, Database
from rag_ask.errors import RagAskError
from rag_ask.evaluate.dataset import Dataset, Document, as_html
from rag_ask.indexing import contextual_headers, documents
from rag_ask.indexing.indexer import Shift, index_some
from rag_ask.indexing.quota import Quota, Room
from rag_ask.messages import MAX_CHANGES
from rag_ask.providers.budget import BudgetedModel
from rag_ask.providers.embedders import Embedders
from rag_ask.tenant import Site, Visitor

IDLE_S = 0.3
# Without any progress for so long, what indexes them is gone.
STUCK_S = 120


@dataclass(frozen=True)
class Indexed:
    """The throw-away sites: site -> who asks there; site id -> post id -> document."""

    visitors: dict[str, Visitor]
    names: dict[str, dict[int, str]]


@contextmanager
def indexed(database: Database, embedders: Embedders, datasets: Sequence[Dataset]) -> Iterator[Indexed]:
    """Index the documents with a progress bar; whatever happens, the sites are removed."""
    prefix = f"eval-{secrets.token_hex(4)}"
    made = Indexed({}, {})
    try:
        for dataset in datasets:
            _push(database, dataset, made, prefix)
        _index(database, embedders, made)
        yield made
    finally:
        with database.system() as connection:
            for site_id in made.names:
                sites.remove(connection, site_id)


def write_headers(database: Database, embedders: Embedders, made: Indexed, chat: BudgetedModel) -> None:
    """Have the model write a header for every chunk, with a progress bar. Raises RagAskError when it does not."""
    with database.system() as connection:
        _headers_due_from(connection, made, "now")
        embedder = embedders.active(connection)
    with progress_bar() as progress:
        total = sum(map(len, made.names.values()))
        bar = progress.add_task("writing headers", total=total)
        for site_id in made.names:
            while contextual_headers.write_some(database, embedder, chat, site_id):
                progress.update(bar, completed=total - _headers_due(database, made))
    if left := _headers_due(database, made):
        raise RagAskError("provider_unavailable", 503, f"The model wrote no headers for {left} documents; see the log.")


def _headers_due_from(connection: Conn, made: Indexed, moment: str) -> None:
    connection.execute(
        "UPDATE documents SET headers_due_at = %s::timestamptz WHERE headers_due_at IS NOT NULL AND site_id = ANY(%s)",
        (moment, list(made.names)),
    )


def _headers_due(database: Database, made: Indexed) -> int:
    with database.system() as connection:
        return sum(contextual_headers.count_due(connection, site_id) for site_id in made.names)


def _push(database: Database, dataset: Dataset, made: Indexed, prefix: str) -> None:
    by_site: dict[str, list[Document]] = {}
    for document in dataset.documents:
        by_site.setdefault(document.site, []).append(document)
    for name, pages in by_site.items():
        site_id = f"{prefix}-{len(made.names)}"
        with database.system() as connection:
            sites.add(connection, site_id, name, "https://eval.example", sites.UNLIMITED)
        made.names[site_id] = {post_id: page.id for post_id, page in enumerate(pages, 1)}
        made.visitors[name] = Visitor(Site(site_id, name, ()), "eval", ("public",), pages[0].language)
        for start in range(0, len(pages), MAX_CHANGES):
            with database.tenant(site_id) as connection:
                locks.hold_site(connection, site_id)
                room = Room(connection, site_id, Quota())
                for post_id, page in enumerate(pages[start : start + MAX_CHANGES], start + 1):
                    documents.apply(connection, site_id, _upsert(post_id, page), room)


def _upsert(post_id: int, page: Document) -> messages.Upsert:
    document = messages.Document(
        id=post_id, version=1, type="page", title=page.title, url=page.url or f"https://eval.example/{post_id}",
        html=as_html(page), language=page.language, groups=["public"],
    )  # fmt: skip
    return messages.Upsert(op="upsert", document=document)


def _index(database: Database, embedders: Embedders, made: Indexed) -> None:
    """Index until nothing of ours waits. A worker that runs beside this helps."""
    total = sum(map(len, made.names.values()))
    with progress_bar() as progress:
        bar = progress.add_task("indexing", total=total)
        wait_until_done(
            lambda: _pending(database, made),
            lambda: _index_some(database, embedders),
            lambda pending: progress.update(bar, completed=total - pending),
        )
    with database.system() as connection:
        # A worker that writes headers beside this would change what is measured.
        _headers_due_from(connection, made, "infinity")


def wait_until_done(pending: Callable[[], int], work: Callable[[], int], report: Callable[[int], None]) -> None:
    """Work until nothing is pending. Raises RagAskError when nothing changes any more."""
    last, since = -1, time.monotonic()
    while left := pending():
        if left != last:
            last, since = left, time.monotonic()
        if time.monotonic() - since > STUCK_S:
            raise RagAskError("timeout", 504, f"{left} documents were not indexed within {STUCK_S} s; see the logs.")
        report(left)
        if work() == 0:
            time.sleep(IDLE_S)
    report(0)


def _pending(database: Database, made: Indexed) -> int:
    with database.system() as connection:
        row = connection.execute(
            "SELECT count(*) AS count FROM documents WHERE site_id = ANY(%s) AND state = 'pending'", (list(made.names),)
        ).fetchone()
    return int(row["count"]) if row else 0


def _index_some(database: Database, embedders: Embedders) -> int:
    with database.system() as connection:
        embedder = embedders.active(connection)
    return index_some(Shift(database, embedder))


def progress_bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
