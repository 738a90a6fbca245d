"""`rag-ask postgres`: an embedded Postgres."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def postgres() -> None:
    """Run an embedded Postgres where there is no other."""


@postgres.command("start")
@click.argument("folder", type=click.Path(path_type=Path))
def postgres_start(folder: Path) -> None:
    """Start the Postgres of FOLDER and print its URL, the value for RAG_ASK_DATABASE_URL."""
    from rag_ask.db import embedded_postgres

    click.echo(embedded_postgres.start(folder))


@postgres.command("stop")
@click.argument("folder", type=click.Path(path_type=Path))
def postgres_stop(folder: Path) -> None:
    """Stop the Postgres of FOLDER."""
    from rag_ask.db import embedded_postgres

    click.echo("Stopped." if embedded_postgres.stop(folder) else "It was not running.")
