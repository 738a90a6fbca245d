"""Metrics for Prometheus, for who holds the key of the settings."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator

import structlog
from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from rag_ask.api.services import services
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable, Unauthorized
from rag_ask.insights import totals

log = structlog.get_logger(__name__)

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus's text format. There is no such page while no key is set."""
    key = services().settings.metrics_key
    if not key:
        abort(404)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {key}".encode()):
        raise Unauthorized("metrics_key", "Send RAG_ASK_METRICS_KEY as 'Authorization: Bearer ...'.")
    stored = CollectorRegistry()
    stored.register(Stored(services().database))
    return Response(generate_latest(counted()) + generate_latest(stored), content_type=CONTENT_TYPE_LATEST)


class Stored(Collector):
    """What the database holds; nothing while it is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterator[Metric]:
        """Called at registration, which must not read."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Called for each scrape."""
        try:
            with self._database.system() as connection:
                yield from list(totals.read(connection))
        except DatabaseUnavailable as error:
            log.warning("metrics", reason=error.message)


def counted() -> CollectorRegistry:
    """What the processes of this server count; of one alone where they share no folder."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
