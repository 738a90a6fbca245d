"""`rag-ask backup` and `rag-ask restore`: the whole database into a file, and back without answering what is gone."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rag_ask.cli.restored import mark_restored
from rag_ask.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the database into FILE, while the sidecar goes on.

    Keep RAG_ASK_SECRET beside it: without the secret, every connection string ends. The file holds what visitors may
    read and the words of their questions, so only this user can read it.
    """
    from rag_ask.db import dump

    dump.write(Settings.from_environment(os.environ), file)
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB. To put it back: rag-ask restore {file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask before what is in the database is replaced.")
def restore(file: Path, yes: bool) -> None:
    """Replace the database by what is in FILE. Stop `serve` and `worker` first, and start them again after it.

    What was withdrawn since the backup is in no answer: each document waits until its site has confirmed it.
    """
    from rag_ask.db import dump
    from rag_ask.db.migrate import migrate

    if not yes:
        click.confirm("This replaces everything in the database. Go on?", abort=True)
    settings = Settings.from_environment(os.environ)
    dump.read(settings, file)
    migrate(settings)
    mark_restored(settings, ())
