"""The command line: a table of contents of what the sidecar does."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from rag_ask import logs
from rag_ask.cli.backup import backup, restore
from rag_ask.cli.doctor import doctor
from rag_ask.cli.feeds import files_command, pull_command
from rag_ask.cli.keys import keys
from rag_ask.cli.models import models
from rag_ask.cli.postgres import postgres
from rag_ask.cli.restored import restored
from rag_ask.cli.sites import sites
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
      rag-ask models get                                  the embedding model, once
      rag-ask check                                       are the settings right, is everything reachable?
      rag-ask migrate                                     make or update the tables
      rag-ask sites add my-site --url https://my.site     prints the connection string for the plugin
      rag-ask serve                                       the web server (in one terminal)
      rag-ask worker                                      the indexer (in another)
      rag-ask ask my-site "When do you open?"

    Settings come from the environment: RAG_ASK_DATABASE_URL and RAG_ASK_SECRET are needed,
    docs/operators/settings.md lists the others.
    """
    logs.configure("WARNING")


main.add_command(pull_command)
main.add_command(files_command)
main.add_command(sites)
main.add_command(keys)
main.add_command(postgres)
main.add_command(doctor)
main.add_command(backup)
main.add_command(restore)
main.add_command(restored)
main.add_command(models)


@main.command("serve")
def serve_() -> None:
    """Run the web server until it is told to stop."""
    from rag_ask.api import serve

    serve.run(_settings())


@main.command("worker")
@click.option(
    "--lease",
    default=45,
    show_default=True,
    type=click.IntRange(1, 3600),
    help="Seconds after which the posts of a worker that died go to another one.",
)
def worker_(lease: int) -> None:
    """Index pushed posts until told to stop. Any number may run side by side."""
    from rag_ask import worker

    worker.run(_settings(), lease)


@main.command("reembed")
def reembed_() -> None:
    """Embed every text anew with the embedder of these settings, then change over to it.

    Run it with the new settings while `serve` and `worker` go on with the old ones. It can be stopped and started
    again; visitors get the old answers until all is done. Restart `serve` and `worker` with the new settings after it.
    """
    from rag_ask.cli import terminal

    terminal.reembed(_settings())


@main.command("migrate")
def migrate_() -> None:
    """Make or update the tables, and the roles of the database. Changes no table that is current."""
    from rag_ask.db.migrate import migrate

    applied = migrate(_settings())
    click.echo("\n".join(f"applied {name}" for name in applied) or "The tables are current.")


@main.command("indexes")
def indexes_() -> None:
    """Make a vector index for each large site that has none. Nobody waits for it; run it every night."""
    from rag_ask.cli import terminal

    terminal.indexes(_settings())


@main.command()
def check() -> None:
    """Check settings and reachability; print one line a problem."""
    from rag_ask.cli.check import problems

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
    from rag_ask.cli import terminal

    terminal.ask(_settings(), site_id, question)


@main.command()
@click.argument("site_id")
@click.argument("question")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 20))
def search(site_id: str, question: str, limit: int) -> None:
    """Print the passages of SITE_ID that speak of QUESTION, best first."""
    from rag_ask.cli import terminal

    terminal.search(_settings(), site_id, question, limit)


@main.command()
@click.argument("site_id")
@click.option("--json", "as_json", is_flag=True, help="Print the message of GET /v1/status.")
@click.option("--wait", is_flag=True, help="Show a progress bar until every document is indexed.")
@click.option("--expect", default=0, help="With --wait: how many documents there must be at least.")
@click.option("--timeout", default=300, show_default=True, help="With --wait: seconds to wait at most.")
def status(site_id: str, as_json: bool, wait: bool, expect: int, timeout: int) -> None:
    """Show what of SITE_ID is indexed, what waits and what failed, with the reasons."""
    from rag_ask.cli import status_report

    settings = _settings()
    if wait:
        status_report.wait(settings, site_id, expect, timeout)
    found = status_report.of_site(settings, site_id)
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        status_report.print_status(found, status_report.headers_due(settings, site_id))


@main.command("eval")
@click.argument("datasets", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--site", "sites", multiple=True, metavar="SITE_ID", help="Ask this site's headings of its own pages.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw the figures into this SVG file.")
@click.option("--json", "json_", type=click.Path(dir_okay=False, path_type=Path), help="Write them to this file too.")
@click.option("--ablation", is_flag=True, help="Also measure with one part of the ranking switched off at a time.")
@click.option("--stages", is_flag=True, help="Also measure each optional stage of the settings: its gain and its cost.")
@click.option("--calibrate", is_flag=True, help="Keep the best threshold for the embedder in use.")
def eval_(
    datasets: tuple[Path, ...],
    sites: tuple[str, ...],
    plot: Path | None,
    json_: Path | None,
    ablation: bool,
    stages: bool,
    calibrate: bool,
) -> None:
    """Measure retrieval on folders of documents and questions, see docs/operators/evaluate.md.

    They are indexed as sites of the database in the settings, under names that begin with eval-, and removed again.
    """
    from rag_ask.cli import terminal
    from rag_ask.evaluate.command import Options, evaluate

    settings = _settings()
    with terminal.database(settings) as database:
        evaluate(database, settings, datasets, Options(json_, plot, ablation, stages, calibrate, sites))


@main.command()
@click.argument("site_id")
@click.option("--days", default="30", show_default=True, type=click.Choice(("7", "30", "90")))
@click.option("--json", "as_json", is_flag=True, help="Print the message of GET /v1/insights.")
def insights(site_id: str, days: str, as_json: bool) -> None:
    """Show what visitors asked SITE_ID, and what it did not answer."""
    from rag_ask.cli import terminal

    found = terminal.insights(_settings(), site_id, int(days))
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        terminal.print_insights(found)


def _settings() -> Settings:
    return Settings.from_environment(os.environ)
