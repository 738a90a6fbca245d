"""`rag-ask doctor`: what is wrong with a sidecar that runs, on one screen, each line with its remedy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click
import httpx2

from rag_ask.db import connections
from rag_ask.db.database import Conn
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings
from rag_ask.tenant import Site

WEB_TIMEOUT_S = 5.0
# So that all of it stays on one screen.
MAX_SITES = 12
WORKERS = "SELECT FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
# The worker looks every second, and a document that fails waits with a later next_attempt_at.
UNTAKEN = """
SELECT count(*) AS documents, coalesce(extract(epoch FROM now() - min(next_attempt_at)), 0)::int AS waited_s
FROM documents WHERE state = 'pending' AND next_attempt_at < now() - interval '1 minute' AND lease IS NULL
"""
MORE = "see rag-ask status {site_id}"


@click.command()
def doctor() -> None:
    """Say what is wrong with a sidecar that runs: settings, web server, worker, and each site.

    `check` tries the settings before a start; this looks at what runs. Ends with 1 when something is wrong.
    """
    settings = Settings.from_environment(os.environ)
    parts = {"settings": _settings(settings), "web server": _web(settings)}
    sites = {} if parts["settings"] else _stored(settings, parts)
    ill = {site_id: problems for site_id, problems in sites.items() if problems}
    parts |= dict(list(ill.items())[:MAX_SITES])
    width = max(map(len, parts))
    for part, problems in parts.items():
        click.echo(f"{part:<{width}}  {problems[0] if problems else 'well'}")
        for problem in problems[1:]:
            click.echo(f"{'':<{width}}  {problem}")
    if sites:
        click.echo(f"{'sites':<{width}}  {len(sites) - len(ill)} of {len(sites)} well")
    if any(parts.values()):
        raise SystemExit(1)


def _settings(settings: Settings) -> list[str]:
    from rag_ask.cli import check

    return check.problems(settings)


def _web(settings: Settings) -> list[str]:
    """What is wrong behind the address that the sites are told."""
    try:
        # Its own server, at an address that the operator set.
        response = httpx2.get(f"{settings.public_url}/readyz", timeout=WEB_TIMEOUT_S, follow_redirects=False)
        body: dict[str, Any] = response.json()
        return [*body["problems"], *body["warnings"]]
    except httpx2.HTTPError as error:
        reason = f"nothing answers ({type(error).__name__}). Run rag-ask serve, or correct RAG_ASK_PUBLIC_URL"
    except (ValueError, KeyError, TypeError):
        reason = "something else answers than the sidecar. Correct RAG_ASK_PUBLIC_URL, or the proxy in front"
    return [f"{settings.public_url}: {reason}"]


def _stored(settings: Settings, parts: dict[str, list[str]]) -> dict[str, list[str]]:
    """What is wrong with each site, by what is in the database. What is wrong with the rest is put into `parts`."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites

    with terminal.system(settings) as connection:
        known = sites.every(connection)
        parts["worker"] = list(_worker(connection))
        if not known:
            parts["sites"] = ["There is none yet. Run: rag-ask sites add SITE --url URL"]
        if settings.public_url.startswith("http:") and any(_is_secure(site) for site in known):
            parts["web server"].append(
                "browsers refuse http:// from an https:// page. Put TLS before the sidecar, and set RAG_ASK_PUBLIC_URL"
            )
        return {site.site_id: list(_site(connection, settings, site)) for site in known}


def _is_secure(site: Site) -> bool:
    return any(origin.startswith("https:") for origin in site.origins)


def _worker(connection: Conn) -> Iterator[str]:
    from rag_ask.indexing import queue

    # A pooler's connections bear no name that counts.
    if connections.is_direct(connection) and not connection.execute(WORKERS, (queue.WORKER,)).rowcount:
        yield "none is connected to the database, so no post is indexed. Run rag-ask worker"
    row = connection.execute(UNTAKEN).fetchone() or {}
    if row["documents"]:
        yield (
            f"{row['documents']} documents are due, the oldest for {row['waited_s']} s, and nobody takes them. "
            "Run rag-ask worker, or more of them"
        )


def _site(connection: Conn, settings: Settings, site: Site) -> Iterator[str]:
    from rag_ask.api.routes import status
    from rag_ask.providers.embedders import Embedders

    more = MORE.format(site_id=site.site_id)
    if site.moving == "out":
        yield f"its move has stopped, and no post is taken. Again, or with --cancel: rag-ask sites move {site.site_id}"
    if site.moving == "in":
        yield "it is on its way here. Run rag-ask sites move again where it comes from"
    if site.moving or site.moved_to:
        return
    try:
        found = status.of_site(connection, site.site_id, Embedders(settings))
    except RagAskError as error:
        yield error.message
        return
    if not any(found["documents"].values()):
        yield (
            "it has pushed nothing. Paste its connection string into the plugin; a new one: "
            f"rag-ask sites rotate-key {site.site_id}"
        )
    if failed := found["documents"]["failed"]:
        yield f"{failed} documents failed: {more}"
    if found["unproven"]:
        yield f"{found['unproven']} documents are in no answer since a backup was restored: {more}"
    if (budget := found["budget"]) and budget["exhausted_at"]:
        is_own = budget["owner_usd"] == budget["limit_usd"]
        remedy = "raise it in WordPress" if is_own else f"rag-ask sites budget {site.site_id} USD"
        yield f"today's budget is spent, answers are quotes: {remedy}"
    for refused in found["refused_origins"]:
        origin = refused["origin"]
        yield f"pages at {origin} are refused. If they are its own: rag-ask sites origins {site.site_id} add {origin}"
