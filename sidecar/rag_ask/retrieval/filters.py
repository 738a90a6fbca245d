"""Filters of a question -> SQL conditions on documents. A filter only ever excludes documents."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from rag_ask.messages import Filter

# Beside what the visitor may read, never in its place.
CONDITIONS = """
  (%(ids)s::bigint[] IS NULL OR documents.post_id = ANY(%(ids)s))
  AND (%(types)s::text[] IS NULL OR documents.type = ANY(%(types)s))
  AND (%(terms)s::jsonb IS NULL OR documents.terms @> %(terms)s::jsonb)
  AND (%(language)s::text IS NULL
       OR starts_with(lower(replace(documents.language, '_', '-')) || '-', %(language)s || '-'))
  AND (%(published_from)s::timestamptz IS NULL OR documents.published_at >= %(published_from)s)
  AND (%(published_before)s::timestamptz IS NULL OR documents.published_at < %(published_before)s)
"""

# Documents that this visitor may read and the filter leaves in. What a restored database brought back is not proven.
READABLE = f"""
  documents.groups && %(groups)s::text[]
  AND documents.incarnation = (SELECT incarnation FROM sites WHERE site_id = %(site_id)s)
  AND {CONDITIONS}
"""


def values(wanted: Filter) -> dict[str, Any]:
    """Return the values of CONDITIONS; an absent condition is null."""
    return {
        "ids": wanted.ids,
        "types": wanted.types,
        "terms": None if wanted.terms is None else Jsonb([term.model_dump() for term in wanted.terms]),
        # WordPress writes `en_US`, HTML `en-US`.
        "language": None if wanted.language is None else wanted.language.lower().replace("_", "-"),
        "published_from": wanted.published_from,
        "published_before": wanted.published_before,
    }
