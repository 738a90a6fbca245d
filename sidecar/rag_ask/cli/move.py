"""`rag-ask sites move`: a site goes to another sidecar, with a database of its own, without a pause."""

from __future__ import annotations

import os
from typing import Any

import click
import httpx2
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from rag_ask import backoff
from rag_ask.errors import BadRequest, RagAskError
from rag_ask.settings import Settings

# The other side bounds a step by 120 s.
TIMEOUT = httpx2.Timeout(150.0, connect=5.0)
TRIES = 5


@click.command("move")
@click.argument("site_id")
@click.option("--to", default="", metavar="URL", help="The other sidecar: its RAG_ASK_PUBLIC_URL.")
@click.option("--cancel", is_flag=True, help="Let the site write here again after a move that stopped.")
@click.option(
    "--wait",
    "wait_s",
    default=70,
    show_default=True,
    type=click.IntRange(0, 600),
    help="Seconds for answers under way, before the content is deleted here.",
)
def move(site_id: str, to: str, cancel: bool, wait_s: int) -> None:
    """Move SITE_ID to another sidecar that has the same RAG_ASK_SECRET, while it is asked and pushed to.

    From then on this sidecar passes on what still comes here, and the plugin learns the new address. A move that
    stopped goes on when it is run again.
    """
    from rag_ask.cli import terminal
    from rag_ask.db import addresses
    from rag_ask.moves import depart

    settings = Settings.from_environment(os.environ)
    if cancel == bool(to):
        raise click.UsageError("Give either --to URL or --cancel.")
    with terminal.database(settings) as database:
        if cancel:
            depart.resume(database, site_id)
            click.echo(f"{site_id} is served here as before.")
            return
        addresses.origin_of(to)
        with Progress(TextColumn("{task.description}"), TextColumn("{task.completed}"), TimeElapsedColumn()) as bars:
            tasks = {what: bars.add_task(f"sent {what}", total=None) for what in ("documents", "other rows")}

            def progress(what: str, count: int) -> None:
                bars.advance(tasks[what], count)

            with httpx2.Client(timeout=TIMEOUT, trust_env=False) as client:
                sender = Sender(client, settings.secret, to.rstrip("/"))
                depart.move(database, sender.send, site_id, to.rstrip("/"), progress, wait_s)
    click.echo(
        f"{site_id} is at {to}. This sidecar passes its requests on until the plugin has the new address; after that: "
        f"rag-ask sites remove {site_id}"
    )


class Sender:
    """Sends the steps of a move to another sidecar."""

    def __init__(self, client: httpx2.Client, secret: bytes, to: str) -> None:
        self._client, self._secret, self._to = client, secret, to

    def send(self, step: str, message: dict[str, Any]) -> dict[str, Any]:
        """One step, tried again while the other side is away or busy. Raises RagAskError."""
        return backoff.retry(lambda: self._send(step, message), TRIES, _pause_s)

    def _send(self, step: str, message: dict[str, Any]) -> dict[str, Any]:
        from rag_ask.moves import depart, token

        body = depart.packed(message)
        headers = {"Authorization": f"Bearer {token.sign(self._secret, body)}", "Content-Type": "application/gzip"}
        try:
            response = self._client.post(f"{self._to}/v1/move/{step}", content=body, headers=headers)
            said: dict[str, Any] = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            reason = str(error) or type(error).__name__
            problem = f"No sidecar answers at {self._to} ({reason}). Start it, and run this again."
            raise RagAskError("move_failed", 503, problem) from error
        if response.status_code == 200:
            return said
        if response.status_code == 401:
            problem = f"The sidecar at {self._to} has another RAG_ASK_SECRET. Give both the same."
            raise BadRequest("secrets_differ", problem)
        told = said.get("error", {})
        raise RagAskError(told.get("code", "move_failed"), response.status_code, str(told.get("message", said)))


def _pause_s(error: Exception, attempt: int) -> float | None:
    if isinstance(error, RagAskError) and error.status >= 500:
        return backoff.delay_s(attempt, 1.0, 10.0, jitter=0.2)
    return None
