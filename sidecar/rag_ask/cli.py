"""The command line: a table of contents of what the sidecar does."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from rag_ask.errors import RagAskError
from rag_ask.settings import Settings, SettingsError


class Commands(click.Group):
    """Shows our own errors as a message, never as a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            lines = "\n  ".join(error.problems)
            raise click.ClickException(f"The settings cannot be used:\n  {lines}") from error
        except RagAskError as error:
            raise click.ClickException(f"{error.message} ({error.code})") from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main() -> None:
    """Answer the visitors of WordPress sites from the sites' own pages.

    \b
    A first run:
      rag-ask check                                       are the settings right, is everything reachable?
      rag-ask migrate                                     make or update the tables
      rag-ask sites add my-site --url https://my.site     prints the connection string for the plugin
      rag-ask serve                                       the web server (in one terminal)
      rag-ask worker                                      the indexer (in another)
      rag-ask ask my-site "When do you open?"

    Settings come from the environment: RAG_ASK_DATABASE_URL and RAG_ASK_SECRET are needed,
    the README lists the others.
    """


@main.command()
def serve() -> None:
    """Run the web server until it is told to stop."""
    from rag_ask.serve import Server

    Server(_settings()).run()


@main.command()
def worker() -> None:
    """Index pushed posts until told to stop. Any number may run side by side."""
    from rag_ask import indexer, models
    from rag_ask.database import Database

    settings = _settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    database = Database(settings.database_url, max_size=2, statement_timeout_s=60)
    database.open()
    indexer.run(database, models.embedder(settings), stop)
    database.close()


@main.command("migrate")
def migrate_() -> None:
    """Make or update the tables. Changes nothing when they are current."""
    from rag_ask.migrate import migrate

    applied = migrate(_settings().database_url)
    click.echo("\n".join(f"applied {name}" for name in applied) or "The tables are current.")


@main.command()
def check() -> None:
    """Check settings and reachability; print one line a problem."""
    from rag_ask.check import problems

    found = problems(_settings())
    for problem in found:
        click.echo(f"- {problem}")
    if found:
        sys.exit(1)
    click.echo("All is well: settings, database, embedder and answer model.")


@main.command()
@click.argument("site_id")
@click.argument("question")
def ask(site_id: str, question: str) -> None:
    """Ask SITE_ID a QUESTION, as an anonymous visitor would, and print the cited answer."""
    from rag_ask import terminal

    terminal.ask(_settings(), site_id, question)


@main.command()
@click.argument("site_id")
@click.argument("question")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 20))
def search(site_id: str, question: str, limit: int) -> None:
    """Print the passages of SITE_ID that speak of QUESTION, best first."""
    from rag_ask import terminal

    terminal.search(_settings(), site_id, question, limit)


@main.command()
@click.argument("site_id")
@click.option("--json", "as_json", is_flag=True, help="Print the message of GET /v1/status.")
@click.option("--wait", is_flag=True, help="Show a progress bar until every document is indexed.")
@click.option("--expect", default=0, help="With --wait: how many documents there must be at least.")
@click.option("--timeout", default=300, show_default=True, help="With --wait: seconds to wait at most.")
def status(site_id: str, as_json: bool, wait: bool, expect: int, timeout: int) -> None:
    """Show what of SITE_ID is indexed, what waits and what failed, with the reasons."""
    from rag_ask import terminal

    if wait:
        terminal.wait(_settings(), site_id, expect, timeout)
    found = terminal.status(_settings(), site_id)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        terminal.print_status(found)


@main.group()
def sites() -> None:
    """Register sites and make their keys."""


@sites.command("add")
@click.argument("site_id")
@click.option("--url", required=True, help="The address that visitors see, such as https://example.com")
@click.option("--name", default="", help="A name for people; the id when left out.")
def sites_add(site_id: str, url: str, name: str) -> None:
    """Register SITE_ID and print the connection string for the plugin's settings page."""
    from rag_ask import sites as table
    from rag_ask import terminal

    settings = _settings()
    with terminal.system(settings) as connection:
        table.add(connection, site_id, name, url)
        kid = table.new_key(connection, site_id)
    click.echo(table.connection_string(settings.public_url, settings.secret, site_id, kid))


@sites.command("list")
def sites_list() -> None:
    """List the sites, with the number of their chunks."""
    from rag_ask import terminal

    with terminal.system(_settings()) as connection:
        rows = connection.execute("SELECT site_id, name, origins, chunk_count FROM sites ORDER BY site_id").fetchall()
    for row in rows:
        click.echo(f"{row['site_id']}\t{row['name']}\t{' '.join(row['origins'])}\t{row['chunk_count']} chunks")


@sites.command("rotate-key")
@click.argument("site_id")
def sites_rotate_key(site_id: str) -> None:
    """Make a new key for SITE_ID and print the new connection string. The old key works for a week."""
    from rag_ask import sites as table
    from rag_ask import terminal

    settings = _settings()
    with terminal.system(settings) as connection:
        table.find(connection, site_id)
        kid = table.new_key(connection, site_id)
    click.echo(table.connection_string(settings.public_url, settings.secret, site_id, kid))


@sites.command("budget")
@click.argument("site_id")
@click.argument("usd")
def sites_budget(site_id: str, usd: str) -> None:
    """Let the answers of SITE_ID cost USD a day at most (UTC); `none` for no limit. Past it, answers are quotes."""
    from rag_ask import sites as table
    from rag_ask import terminal

    budget = None if usd == "none" else _amount(usd)
    with terminal.system(_settings()) as connection:
        table.find(connection, site_id)
        table.set_daily_budget(connection, site_id, budget)
    click.echo(f"{site_id}: no limit." if budget is None else f"{site_id}: {budget} USD a day.")


@sites.command("remove")
@click.argument("site_id")
@click.confirmation_option(prompt="Delete the site with all its documents and keys?")
def sites_remove(site_id: str) -> None:
    """Delete SITE_ID with everything that the sidecar holds of it."""
    from rag_ask import sites as table
    from rag_ask import terminal

    with terminal.system(_settings()) as connection:
        table.find(connection, site_id)
        table.remove(connection, site_id)
    click.echo(f"Removed {site_id}.")


@main.group()
def postgres() -> None:
    """Run an embedded Postgres where there is no other."""


@postgres.command("start")
@click.argument("folder", type=click.Path(path_type=Path))
def postgres_start(folder: Path) -> None:
    """Start the Postgres of FOLDER and print its URL, the value for RAG_ASK_DATABASE_URL."""
    from rag_ask import embedded_postgres

    click.echo(embedded_postgres.start(folder))


@postgres.command("stop")
@click.argument("folder", type=click.Path(path_type=Path))
def postgres_stop(folder: Path) -> None:
    """Stop the Postgres of FOLDER."""
    from rag_ask import embedded_postgres

    click.echo("Stopped." if embedded_postgres.stop(folder) else "It was not running.")


def _amount(usd: str) -> Decimal:
    try:
        amount = Decimal(usd)
    except InvalidOperation:
        amount = Decimal("nan")
    if not (amount.is_finite() and 0 <= amount <= 100_000):
        raise click.BadParameter("must be an amount such as 2.50, from 0 to 100000, or 'none'", param_hint="USD")
    return amount


def _settings() -> Settings:
    return Settings.from_environment(os.environ)
