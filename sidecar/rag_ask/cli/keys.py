"""`rag-ask keys`: API keys of servers and tools."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from rag_ask.db.database import Conn
from rag_ask.settings import Settings


@click.group()
def keys() -> None:
    """Make and revoke keys for servers and tools that ask a site (header X-API-Key)."""


@keys.command("add")
@click.argument("site_id")
@click.option("--name", default="", help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, default=("ask", "search"), type=click.Choice(("ask", "search")))
@click.option("--days", default=None, type=click.IntRange(1, 3650), help="How long it is good; default: for ever.")
def keys_add(site_id: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key for SITE_ID and print it, this once."""
    from rag_ask.db import api_keys

    with _site(site_id) as connection:
        key = api_keys.add(connection, site_id, name, scopes, days)
    click.echo(key)


@keys.command("list")
@click.argument("site_id")
def keys_list(site_id: str) -> None:
    """List the keys of SITE_ID: id, scopes, state, last use, name."""
    from rag_ask.db import api_keys

    with _site(site_id) as connection:
        rows = api_keys.of_site(connection, site_id)
    for row in rows:
        used = f"used {_day(row['last_used_at'])}" if row["last_used_at"] else "never used"
        state = _state(row["expires_at"], row["revoked_at"])
        click.echo(f"{row['id']}\t{' '.join(row['scopes'])}\t{state}\t{used}\t{row['name']}")


@keys.command("rotate")
@click.argument("site_id")
@click.argument("key_id")
def keys_rotate(site_id: str, key_id: str) -> None:
    """Print a new key for the purpose of KEY_ID, good for as many days; KEY_ID works for a week more at most."""
    from rag_ask.db import api_keys

    with _site(site_id) as connection:
        key = api_keys.rotate(connection, site_id, key_id)
    click.echo(key)


@keys.command("revoke")
@click.argument("site_id")
@click.argument("key_id")
def keys_revoke(site_id: str, key_id: str) -> None:
    """Refuse KEY_ID from now on."""
    from rag_ask.db import api_keys

    with _site(site_id) as connection:
        api_keys.revoke(connection, site_id, key_id)
    click.echo(f"Revoked {key_id}.")


@contextmanager
def _site(site_id: str) -> Iterator[Conn]:
    """A transaction for a site that there is."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites

    with terminal.system(Settings.from_environment(os.environ)) as connection:
        sites.find(connection, site_id)
        yield connection


def _state(expires_at: datetime | None, revoked_at: datetime | None) -> str:
    if revoked_at:
        return f"revoked {_day(revoked_at)}"
    if expires_at is None:
        return "good"
    return f"{'expired' if expires_at <= datetime.now(UTC) else 'good until'} {_day(expires_at)}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
