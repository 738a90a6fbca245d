"""Totals over all sites, for `/metrics`: how much is indexed, waits, was used and paid for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from rag_ask.db.database import Conn

DOCUMENTS = """
SELECT state, count(*) AS documents, coalesce(extract(epoch FROM now() - min(pushed_at)), 0)::float AS age_s
FROM documents GROUP BY state
"""

USAGE = """
SELECT coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
       coalesce(sum(embedding_tokens), 0) AS embedding, coalesce(sum(cost_microusd), 0) / 1e6 AS cost_usd,
       count(*) FILTER (WHERE day = (now() AT TIME ZONE 'utc')::date AND exhausted_at IS NOT NULL) AS exhausted
FROM usage
"""


def read(connection: Conn) -> Iterator[Metric]:
    """The metrics that the database holds. connection: one that sees every site."""
    documents = GaugeMetricFamily("rag_ask_documents", "Documents by state", labels=["state"])
    oldest_s = 0.0
    for row in connection.execute(DOCUMENTS):
        documents.add_metric([row["state"]], row["documents"])
        oldest_s = row["age_s"] if row["state"] == "pending" else oldest_s
    yield documents
    yield GaugeMetricFamily("rag_ask_oldest_pending_seconds", "Age of the push that waits the longest", value=oldest_s)
    row = connection.execute(USAGE).fetchone() or {}
    tokens = CounterMetricFamily("rag_ask_tokens", "Tokens of models, by direction", labels=["direction"])
    for direction in ("input", "output", "embedding"):
        tokens.add_metric([direction], row[direction])
    yield tokens
    yield CounterMetricFamily("rag_ask_cost_usd", "What the models have cost", value=row["cost_usd"])
    yield GaugeMetricFamily(
        "rag_ask_budget_exhausted_sites", "Sites whose budget of today is spent", value=row["exhausted"]
    )
