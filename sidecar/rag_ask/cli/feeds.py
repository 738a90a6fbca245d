"""The commands that read documents by themselves, for sites without the plugin."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from rag_ask.feeds.schedule import Duration, repeat
from rag_ask.feeds.summary import Summary
from rag_ask.settings import Settings

_site = click.option("--site", "site_id", required=True, help="The site whose documents these are: rag-ask sites list")
_mass_delete = click.option("--allow-mass-delete", is_flag=True, help="Delete even more than half of the documents.")


@click.command("pull")
@click.argument("url")
@_site
@click.option("--every", type=Duration(), help="Keep running and look again so often: 90s, 15m, 6h, 1d.")
@click.option(
    "--sweep-every",
    type=Duration(),
    default="1h",
    show_default=True,
    help="With --every: how often to read the whole list, which shows deletions; between, only what was modified.",
)
@click.option("--type", "types", multiple=True, help="Only this type of posts; may be repeated. Else all public ones.")
@click.option("--full", is_flag=True, help="Read every post again, modified or not.")
@click.option("--rate", default=1.0, show_default=True, type=click.FloatRange(0.01, 50), help="Requests a second.")
@click.option("--allow-host", "allowed_hosts", multiple=True, help="A name that may lead to a private address.")
@click.option("--ignore-robots", is_flag=True, help="Do not heed robots.txt: for a site of one's own.")
@click.option("--user", default="", help="Log in as this user, for a site that shows itself to nobody else.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the application password of --user.",
)
@click.option("--adopt", is_flag=True, help="Take over a site that the plugin, or another address, has fed.")
@_mass_delete
def pull_command(
    url: str,
    site_id: str,
    every: int | None,
    sweep_every: int,
    types: tuple[str, ...],
    full: bool,
    rate: float,
    allowed_hosts: tuple[str, ...],
    ignore_robots: bool,
    user: str,
    password_file: Path | None,
    adopt: bool,
    allow_mass_delete: bool,
) -> None:
    """Read the public posts of the WordPress at URL by its REST API, without the plugin.

    The documents of the site become what it shows: new posts, changed ones, and none that is gone. A run that was
    stopped is continued by the next.
    """
    from rag_ask.cli import terminal
    from rag_ask.feeds.http_cache import PullPages
    from rag_ask.feeds.pull import Options, pull
    from rag_ask.feeds.robots import Robots
    from rag_ask.feeds.wordpress_api import WordPressApi
    from rag_ask.indexing.quota import quota_of
    from rag_ask.web.http_client import Login, Web
    from rag_ask.web.ssrf_guard import network_for

    settings = Settings.from_environment(os.environ)
    if bool(user) != bool(password_file):
        raise click.UsageError("Give --user and --password-file together.")
    login = Login(url, user, password_file.read_text(encoding="utf-8").strip()) if password_file else None
    options = Options(url, types, full, adopt, allow_mass_delete, quota_of(settings))
    swept_at: float | None = None

    def run() -> None:
        nonlocal swept_at
        started = time.monotonic()
        is_sweep = swept_at is None or started - swept_at >= sweep_every
        web = Web(network_for(url, allowed_hosts), 1 / rate, login=login)
        with closing(web), _shown() as (summary, progress), terminal.database(settings) as database:
            api = WordPressApi(web, None if ignore_robots else Robots(web), PullPages(database, site_id))
            try:
                pull(database, site_id, api, options, summary, progress, sweep=is_sweep)
            finally:
                summary.requests = web.request_count
        swept_at = started if is_sweep else swept_at

    if every:
        repeat(run, every, lambda error: click.echo(f"Error: {error.message} ({error.code})", err=True))
    else:
        run()


@click.command("files")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_site
@click.option("--base-url", help="What the address of a file begins with; default: the URL of the site.")
@click.option("--language", default="", help="The language of the files, such as en-GB.")
@_mass_delete
def files_command(folder: Path, site_id: str, base_url: str | None, language: str, allow_mass_delete: bool) -> None:
    """Index the Markdown, reStructuredText, HTML, text, PDF, Word and Excel files of FOLDER.

    The documents of the site become the files: new, changed and none that is gone. What cannot be read is named.
    """
    from rag_ask.cli import terminal
    from rag_ask.db import addresses, sites
    from rag_ask.feeds.files import Options, index
    from rag_ask.indexing.files.reader import limits_of
    from rag_ask.indexing.quota import quota_of

    settings = Settings.from_environment(os.environ)
    with _shown() as (summary, progress), terminal.database(settings) as database:
        with database.system() as connection:
            site = sites.find(connection, site_id)
        addresses.origin_of(base_url or site.origins[0])
        quota, limits = quota_of(settings), limits_of(settings)
        options = Options(folder, base_url or site.origins[0], language, allow_mass_delete, quota, limits)
        index(database, site_id, options, summary, progress)


@contextmanager
def _shown() -> Iterator[tuple[Summary, Progress]]:
    """Progress on standard error while it runs; the summary on standard output, whatever happens."""
    summary = Summary()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
            yield summary, progress
    finally:
        click.echo("\n".join(summary.lines()))
