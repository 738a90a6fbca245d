"""`rag-ask restored`: the database was restored from a backup."""

from __future__ import annotations

import os

import click

from rag_ask.db.database import Conn
from rag_ask.settings import Settings
from rag_ask.tenant import Site

BACK_AGAIN = """\
The backup also brought back what was withdrawn since it was made, and nobody else can tell:
- keys of sites: for each site whose key was changed, rag-ask sites rotate-key SITE --now
- API keys that were revoked: rag-ask keys list SITE, and rag-ask keys revoke SITE KEY
- sites that were removed or emptied: rag-ask sites list, and rag-ask sites remove SITE"""


@click.command("restored")
@click.argument("site_ids", nargs=-1)
def restored(site_ids: tuple[str, ...]) -> None:
    """Say that the database was restored from a backup: of all sites, or of SITE_IDS.

    Run it before `serve` is started again. Questions are answered only from documents that their site has confirmed.
    """
    mark_restored(Settings.from_environment(os.environ), site_ids)


def mark_restored(settings: Settings, site_ids: tuple[str, ...]) -> None:
    """Take what these sites store, or all sites, out of the answers until it is confirmed; say what is left to do."""
    from rag_ask.cli import terminal
    from rag_ask.db import sites

    with terminal.system(settings) as connection:
        found = [sites.find(connection, site_id) for site_id in site_ids] or sites.every(connection)
        for site in found:
            click.echo(_mark(connection, site))
    click.echo(BACK_AGAIN)


def _mark(connection: Conn, site: Site) -> str:
    from rag_ask.db import incarnation
    from rag_ask.insights import questions

    incarnation.renew(connection, site.site_id)
    connection.execute("DELETE FROM answers WHERE site_id = %s", (site.site_id,))
    questions.delete_expired(connection, site.site_id)
    count = incarnation.count_unproven(connection, site.site_id)
    by = f"rag-ask {site.fed_by} confirms them" if site.fed_by else "the plugin compares them within five minutes"
    return f"{site.site_id}: {count} documents are in no answer until they are confirmed; {by}."
