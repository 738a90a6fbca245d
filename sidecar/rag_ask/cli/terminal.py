"""What the commands ask, search, insights and reembed print."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from rag_ask.answering import factory, pipeline
from rag_ask.answering.find import search_once
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.cli import insights_report
from rag_ask.db import sites, vector_indexes
from rag_ask.db.database import Conn, Database
from rag_ask.indexing import reembed as reembed_
from rag_ask.indexing.postings import LARGE_SITE
from rag_ask.insights import report as insights_
from rag_ask.messages import checked_question
from rag_ask.providers import models
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings
from rag_ask.tenant import Visitor

# One statement puts the new vectors of all sites in place.
SWITCH_TIMEOUT_S = 3600
NOT_ON_THIS_SITE = "Not on this site."


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Small pools for one command."""
    opened = Database(settings, tenant_size=1, system_size=1, statement_timeout_s=60)
    opened.open()
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def system(settings: Settings) -> Iterator[Conn]:
    """One transaction for one command."""
    with database(settings) as opened, opened.system() as connection:
        yield connection


def indexes(settings: Settings) -> None:
    """Print each index that is made or dropped."""
    # It waits for every transaction that may still see the rows without it, so it cannot be within one.
    with system(settings) as connection:
        wanted = vector_indexes.wanted(connection, LARGE_SITE)
    count = 0
    for count, line in enumerate(vector_indexes.refresh(settings, wanted), 1):  # noqa: B007
        print(line)
    if not count:
        print("The indexes are current.")


def ask(settings: Settings, site_id: str, question: str) -> None:
    """Stream the answer, then list its citations."""
    console = Console(highlight=False)
    with database(settings) as opened:
        line, asked = _asked(settings, opened, site_id, question)
        for name, data in pipeline.answer(line, asked).events:
            if name == "delta":
                sys.stdout.write(data["text"])
                sys.stdout.flush()
            if name == "answer":
                console.print("" if data["answer"] else NOT_ON_THIS_SITE)
                for page in data["suggestions"]:
                    console.print(f"  perhaps: {page['title']} - {page['url']}", markup=False)
                for citation in data["citations"]:
                    console.print(f"  [{citation['number']}] {citation['title']} - {citation['url']}", markup=False)


def search(settings: Settings, site_id: str, question: str, limit: int) -> None:
    """Print passages with their scores."""
    with database(settings) as opened:
        line, asked = _asked(settings, opened, site_id, question)
        retrieved = search_once(replace(line, max_passages=limit), asked, asked.question)
    console = Console(highlight=False)
    measured = retrieved.thresholds
    min_score = measured.min_score if settings.min_score is None else settings.min_score
    sure_score = measured.sure_score if settings.sure_score is None else settings.sure_score
    console.print(
        f"confidence {retrieved.confidence:.2f}, answered from {sure_score:.2f}, may help from {min_score:.2f}"
    )
    for passage in retrieved.passages:
        heading = " > ".join((passage.title, *passage.heading_path))
        console.print(f"\n{passage.score:.2f}  {heading}\n      {passage.url}", markup=False)
        console.print(passage.text, markup=False, soft_wrap=True)


def _asked(settings: Settings, opened: Database, site_id: str, question: str) -> tuple[ReadLine, Asked]:
    """The READ line, and the question of an anonymous visitor. Raises BadRequest."""
    with opened.system() as connection:
        site = sites.find(connection, site_id)
    visitor = Visitor(site, "terminal", ("public",), "")
    return factory.read_line(settings, opened, Embedders(settings)), Asked(visitor, checked_question(question))


def insights(settings: Settings, site_id: str, days: int) -> dict[str, Any]:
    """The message of GET /v1/insights."""
    with database(settings) as opened:
        with opened.system() as connection:
            sites.find(connection, site_id)
        return insights_.of_site(opened, Embedders(settings), site_id, days)


def print_insights(found: dict[str, Any]) -> None:
    """The insights for people."""
    insights_report.print_report(found, Console(highlight=False))


def reembed(settings: Settings) -> None:
    """Change over to the embedder of these settings, with a progress bar."""
    embedder = models.embedder(settings)
    # Wrong credentials are told before anything is begun.
    embedder.embed(["Is anybody there?"])
    columns = (
        TextColumn("embedding"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    opened = Database(settings, tenant_size=1, system_size=2, statement_timeout_s=SWITCH_TIMEOUT_S)
    opened.open()
    try:
        with Progress(*columns) as progress:
            bar = progress.add_task("embedding", total=None, rate="")

            def report(done: int, total: int) -> None:
                speed = progress.tasks[0].speed
                progress.update(bar, completed=done, total=total, rate=f"{speed:.0f} texts/s" if speed else "")

            changed = reembed_.reembed(opened, embedder, report)
    finally:
        opened.close()
    if changed:
        print(f"Answers come from {embedder.name} now. Restart serve and worker with these settings.")
    else:
        print(f"Every text is embedded by {embedder.name} already.")
