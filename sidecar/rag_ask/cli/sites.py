"""`rag-ask sites`: register sites and their keys."""

from __future__ import annotations

import os
from decimal import Decimal, InvalidOperation

import click

from rag_ask.cli.move import move
from rag_ask.settings import Settings


@click.group()
def sites() -> None:
    """Register sites and make their keys."""


@sites.command("add")
@click.argument("site_id")
@click.option("--url", required=True, help="The address that visitors see, such as https://example.com")
@click.option("--name", default="", help="A name for people; default: the id.")
def sites_add(site_id: str, url: str, name: str) -> None:
    """Register SITE_ID and print the connection string for the plugin's settings page."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table

    settings = Settings.from_environment(os.environ)
    with terminal.system(settings) as connection:
        table.add(connection, site_id, name, url, settings.default_daily_budget_usd)
        kid = table.new_key(connection, site_id)
    click.echo(table.connection_string(settings.public_url, settings.secret, site_id, kid))


@sites.command("list")
def sites_list() -> None:
    """List the sites, with the number of their chunks."""
    from rag_ask.cli import terminal

    with terminal.system(Settings.from_environment(os.environ)) as connection:
        rows = connection.execute(
            "SELECT site_id, name, origins || pushed_origins AS origins, chunk_count, moved_to "
            "FROM sites ORDER BY site_id"
        ).fetchall()
    for row in rows:
        size = f"moved to {row['moved_to']}" if row["moved_to"] else f"{row['chunk_count']} chunks"
        click.echo(f"{row['site_id']}\t{row['name']}\t{' '.join(dict.fromkeys(row['origins']))}\t{size}")


sites.add_command(move)


@sites.command("rotate-key")
@click.argument("site_id")
@click.option("--now", is_flag=True, help="Refuse the old key at once, when somebody else may know it.")
def sites_rotate_key(site_id: str, now: bool) -> None:
    """Make a new key for SITE_ID and print the new connection string. The old key works for a week."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table

    settings = Settings.from_environment(os.environ)
    with terminal.system(settings) as connection:
        table.find(connection, site_id)
        kid = table.new_key(connection, site_id, revokes=now)
    click.echo(table.connection_string(settings.public_url, settings.secret, site_id, kid))


@sites.command("origins")
@click.argument("site_id")
@click.argument("action", type=click.Choice(("list", "add", "remove")))
@click.argument("urls", nargs=-1)
def sites_origins(site_id: str, action: str, urls: tuple[str, ...]) -> None:
    """List, add or remove the addresses whose pages may ask SITE_ID. The plugin names its own."""
    from rag_ask.cli import terminal
    from rag_ask.db import addresses
    from rag_ask.db import sites as table

    if (action == "list") != (not urls):
        raise click.UsageError("Name one or more URLs with add and remove, and none with list.")
    change = {"add": addresses.add_origins, "remove": addresses.remove_origins}.get(action)
    with terminal.system(Settings.from_environment(os.environ)) as connection:
        if change:
            change(connection, table.find(connection, site_id), urls)
        site = table.find(connection, site_id)
    for origin in site.origins:
        click.echo(f"{origin}\tnamed by the plugin" if origin in site.pushed_origins else origin)


@sites.command("outside")
@click.argument("site_id")
@click.argument("switch", type=click.Choice(("on", "off")))
def sites_outside(site_id: str, switch: str) -> None:
    """Let pages that no WordPress makes ask SITE_ID, if they are of its origins, and print the script tag for them."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table

    settings = Settings.from_environment(os.environ)
    with terminal.system(settings) as connection:
        table.find(connection, site_id)
        table.allow_outside_pages(connection, site_id, is_on=switch == "on")
    if switch == "on":
        click.echo(f'<script defer src="{settings.public_url}/rag-ask.js" data-site="{site_id}"></script>')


@sites.command("budget")
@click.argument("site_id")
@click.argument("usd")
def sites_budget(site_id: str, usd: str) -> None:
    """Let the answers of SITE_ID cost USD a day at most (UTC); `none` lifts the limit. Past it, answers are quotes."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table

    budget = table.UNLIMITED if usd == "none" else _amount(usd)
    with terminal.system(Settings.from_environment(os.environ)) as connection:
        table.find(connection, site_id)
        table.set_daily_budget(connection, site_id, budget)
        own = table.owner_budget(connection, site_id)
    click.echo(f"{site_id}: no limit." if budget == table.UNLIMITED else f"{site_id}: {budget} USD a day.")
    if own is not None and own < budget:
        click.echo(f"The site's own settings say {own} USD a day, which counts: Settings > RAG Ask > Questions.")


@sites.command("questions")
@click.argument("site_id")
@click.option("--days", required=True, type=click.IntRange(0, 365), help="0 keeps none, only counts.")
def sites_questions(site_id: str, days: int) -> None:
    """Keep the words of the questions that visitors ask SITE_ID for so many days."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table
    from rag_ask.insights import questions

    with terminal.system(Settings.from_environment(os.environ)) as connection:
        table.find(connection, site_id)
        questions.set_days(connection, site_id, days)
    click.echo(f"{site_id}: the words of questions are kept for {days} days.")


@sites.command("remove")
@click.argument("site_id")
@click.confirmation_option(prompt="Delete the site with all its documents and keys?")
def sites_remove(site_id: str) -> None:
    """Delete SITE_ID with everything that the sidecar holds of it."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites as table

    with terminal.system(Settings.from_environment(os.environ)) as connection:
        table.find(connection, site_id)
        table.remove(connection, site_id)
    click.echo(f"Removed {site_id}.")


def _amount(usd: str) -> Decimal:
    try:
        amount = Decimal(usd)
    except InvalidOperation:
        amount = Decimal("nan")
    if not (amount.is_finite() and 0 <= amount <= 100_000):
        raise click.BadParameter("must be an amount such as 2.50, from 0 to 100000, or 'none'", param_hint="USD")
    return amount
