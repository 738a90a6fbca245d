"""Filters of a question -> SQL conditions on documents. A filter only ever excludes documents."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from rag_ask.messages import Filter

# Beside what the visitor may read, never in its place.
CONDITIONS = {
    "ids": "documents.post_id = ANY(%(ids)s::bigint[])",
    "types": "documents.type = ANY(%(types)s::text[])",
    "terms": "documents.terms @> %(terms)s::jsonb",
    "language": "starts_with(lower(replace(documents.language, '_', '-')) || '-', %(language)s::text || '-')",
    "published_from": "documents.published_at >= %(published_from)s::timestamptz",
    "published_before": "documents.published_at < %(published_before)s::timestamptz",
}

# What a restored database brought back is not proven.
_READABLE = """
documents.groups && %(groups)s::text[]
AND documents.incarnation = (SELECT incarnation FROM sites WHERE site_id = %(site_id)s)
"""


def readable(wanted: Filter) -> str:
    """The condition for documents that this visitor may read and the filter leaves in."""
    named = (condition for name, condition in CONDITIONS.items() if getattr(wanted, name) is not None)
    return " AND ".join((_READABLE, *named))


def values(wanted: Filter) -> dict[str, Any]:
    """Return the values of CONDITIONS; that of an absent one is None."""
    return {
        "ids": wanted.ids,
        "types": wanted.types,
        "terms": None if wanted.terms is None else Jsonb([term.model_dump() for term in wanted.terms]),
        # WordPress writes `en_US`, HTML `en-US`.
        "language": None if wanted.language is None else wanted.language.lower().replace("_", "-"),
        "published_from": wanted.published_from,
        "published_before": wanted.published_before,
    }
