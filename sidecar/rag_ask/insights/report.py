"""Insights report: questions, answer rate, content gaps and cost of a site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import structlog
from psycopg.rows import DictRow

from rag_ask.db import tried_questions
from rag_ask.db.database import Conn, Database
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.insights.cluster import clusters, same_from
from rag_ask.providers import metered
from rag_ask.providers.embed import Embedder
from rag_ask.providers.embed.script import reads
from rag_ask.providers.embedders import Embedders
from rag_ask.text.normalize import normalised
from rag_ask.text.timestamps import rfc3339

log = structlog.get_logger(__name__)

DAYS = (7, 30, 90)
# The most frequent wordings of each kind; the rest of a busy site would take long and change no rank.
MAX_WORDINGS = 500
MAX_GAPS = 20
MAX_TOP = 10
MAX_EXAMPLES = 5
MAX_COMMENTS = 5
MAX_PAGES = 3
MAX_SUGGESTED = 12
EMBED_BATCH = 64
MICRO = 1_000_000

# Whole days (UTC), today the last of them.
TODAY = "(now() AT TIME ZONE 'utc')::date"
RECENT = (
    f"site_id = %(site_id)s AND asked_at >= ({TODAY} - %(days)s + 1)::timestamp AT TIME ZONE 'utc' "
    # A question of the first moments of tomorrow has no day in this transaction yet.
    f"AND asked_at < ({TODAY} + 1)::timestamp AT TIME ZONE 'utc'"
)
# Not content gaps: what broke off, and what the visitor did not wait for.
IS_WHOLE = "outcome NOT IN ('failed', 'left')"
IS_GAP = "outcome IN ('abstained', 'unsure')"
IS_ANSWERED = f"{IS_WHOLE} AND NOT {IS_GAP}"

TOTALS = f"""
SELECT count(*) AS questions, count(*) FILTER (WHERE {IS_ANSWERED}) AS answered,
       count(*) FILTER (WHERE outcome = 'unsure') AS unsure, count(*) FILTER (WHERE outcome = 'abstained') AS abstained,
       count(*) FILTER (WHERE is_cached) AS cached,
       count(*) FILTER (WHERE rating = 'up') AS up, count(*) FILTER (WHERE rating = 'down') AS down,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE {IS_WHOLE}) AS p50,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY latency_ms) FILTER (WHERE {IS_WHOLE}) AS p95,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY first_word_ms) AS first_p50,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY first_word_ms) AS first_p95,
       (SELECT question_days FROM sites WHERE site_id = %(site_id)s) AS question_days
FROM questions WHERE {RECENT}
"""

BY_DAY = f"""
SELECT days.day::date, count(id) AS questions, count(id) FILTER (WHERE {IS_ANSWERED}) AS answered,
       count(id) FILTER (WHERE outcome = 'unsure') AS unsure,
       count(id) FILTER (WHERE outcome = 'abstained') AS abstained,
       count(id) FILTER (WHERE rating = 'up') AS up, count(id) FILTER (WHERE rating = 'down') AS down,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY first_word_ms) AS first_word_ms,
       coalesce((SELECT cost_microusd FROM usage WHERE site_id = %(site_id)s AND day = days.day), 0) AS microusd
FROM generate_series({TODAY} - %(days)s + 1, {TODAY}, '1 day') AS days(day)
LEFT JOIN questions ON (asked_at AT TIME ZONE 'utc')::date = days.day AND {RECENT}
GROUP BY days.day ORDER BY days.day
"""

# Each wording with its last answer. An answer that was rated down may be right, so it is no gap.
WORDINGS = f"""
SELECT question, count(*), max(asked_at) AS last_asked_at,
       (array_agg(outcome ORDER BY asked_at DESC))[1] AS outcome,
       coalesce((array_agg(answer ORDER BY asked_at DESC))[1], '') AS answer,
       coalesce(array_agg(comment ORDER BY asked_at DESC) FILTER (WHERE comment <> ''), '{{{{}}}}') AS comments,
       (array_agg(id ORDER BY asked_at DESC))[1] AS id
FROM questions
WHERE {RECENT} AND question IS NOT NULL AND ({{condition}})
GROUP BY question ORDER BY count(*) DESC, max(asked_at) DESC, question LIMIT {MAX_WORDINGS}
"""
KINDS = {"gaps": IS_GAP, "rated_down": f"rating = 'down' AND NOT {IS_GAP}", "top": "true"}

# The first pages that an answer was made of, or may have been.
PAGES = f"""
SELECT questions.id, title, url FROM questions
CROSS JOIN unnest(document_ids[1:{MAX_PAGES}]) WITH ORDINALITY AS page(post_id, place)
JOIN documents ON documents.site_id = questions.site_id AND documents.post_id = page.post_id
  AND state <> 'deleted' AND url <> ''
WHERE questions.site_id = %(site_id)s AND questions.id = ANY(%(ids)s) ORDER BY place
"""


def of_site(database: Database, embedders: Embedders, site_id: str, days: int) -> dict[str, Any]:
    """The message `tests/contract/insights-response.json`. Raises DatabaseUnavailable, EmbedderChanged."""
    with database.tenant(site_id) as connection:
        embedder = embedders.active(connection)
        values = {"site_id": site_id, "days": days}
        totals = connection.execute(TOTALS, values).fetchone() or {}
        by_day = connection.execute(BY_DAY, values).fetchall()
        suggested = tried_questions.suggested(connection, site_id, MAX_SUGGESTED)
        wordings = {kind: _wordings(connection, values, condition) for kind, condition in KINDS.items()}
    # From here on without a connection: embedding takes its time.
    embedder = metered.for_site(embedder, database, site_id)
    return {
        "site_id": site_id,
        "days": days,
        "question_days": totals["question_days"],
        "questions": totals["questions"],
        "answered": totals["answered"],
        "unsure": totals["unsure"],
        "abstained": totals["abstained"],
        "answer_rate": round(totals["answered"] / totals["questions"], 4) if totals["questions"] else None,
        "cached": totals["cached"],
        "ratings": {"up": totals["up"], "down": totals["down"]},
        "latency_ms": {"p50": totals["p50"], "p95": totals["p95"]},
        "first_word_ms": {"p50": totals["first_p50"], "p95": totals["first_p95"]},
        "cost_usd": sum(row["microusd"] for row in by_day) / MICRO,
        "gaps": _grouped(embedder, wordings["gaps"])[:MAX_GAPS],
        "rated_down": _grouped(embedder, wordings["rated_down"])[:MAX_GAPS],
        "top": _grouped(embedder, wordings["top"])[:MAX_TOP],
        "by_day": [_day(row) for row in by_day],
        "suggested": suggested,
    }


def _day(row: DictRow) -> dict[str, Any]:
    day = dict(row)
    return day | {"day": day["day"].isoformat(), "cost_usd": day.pop("microusd") / MICRO}


def _wordings(connection: Conn, values: dict[str, Any], condition: str) -> list[DictRow]:
    """Wordings with their counts, the most frequent first; those that are the same question to the cache as one."""
    merged: dict[str, DictRow] = {}
    rows = connection.execute(WORDINGS.format(condition=condition), values).fetchall()
    pages = _pages(connection, values["site_id"], [row["id"] for row in rows])
    for row in rows:
        row["pages"] = pages.get(row["id"], [])
        first = merged.setdefault(normalised(row["question"]), row)
        if first is not row:
            first["count"] += row["count"]
            first["last_asked_at"] = max(first["last_asked_at"], row["last_asked_at"])
            first["comments"] += row["comments"]
    return sorted(merged.values(), key=_rank)


def _pages(connection: Conn, site_id: str, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """Title and url of the pages of each answer, by the id of its question."""
    pages: dict[UUID, list[dict[str, str]]] = {}
    for row in connection.execute(PAGES, {"site_id": site_id, "ids": list(ids)}):
        pages.setdefault(row["id"], []).append({"title": row["title"], "url": row["url"]})
    return pages


def _grouped(embedder: Embedder, wordings: Sequence[DictRow]) -> list[dict[str, Any]]:
    """Questions that ask the same as one, under their most frequent wording; the most frequent first."""
    groups = [[wordings[index] for index in group] for group in _clusters(embedder, wordings)]
    found = [
        {
            "question": group[0]["question"],
            "count": sum(wording["count"] for wording in group),
            "last_asked_at": max(wording["last_asked_at"] for wording in group),
            "examples": [wording["question"] for wording in group[1 : MAX_EXAMPLES + 1]],
            "comments": [comment for wording in group for comment in wording["comments"]][:MAX_COMMENTS],
            **{name: group[0][name] for name in ("outcome", "answer", "pages")},
        }
        for group in groups
    ]
    ranked = sorted(found, key=_rank)
    return [group | {"last_asked_at": rfc3339(group["last_asked_at"])} for group in ranked]


def _clusters(embedder: Embedder, wordings: Sequence[DictRow]) -> Iterable[list[int]]:
    texts = [wording["question"] for wording in wordings]
    # The embedder would hold all the others for one.
    is_read = [reads(embedder.name, text) for text in texts]
    read = [index for index, known in enumerate(is_read) if known]
    alone = [[index] for index, known in enumerate(is_read) if not known]
    try:
        batches = [
            embedder.embed([texts[index] for index in read[at : at + EMBED_BATCH]])
            for at in range(0, len(read), EMBED_BATCH)
        ]
    except (ProviderUnavailable, ProviderRejected) as error:
        # Each wording alone says less, and more than no insights.
        log.warning("insights.ungrouped", reason=error.message)
        return [[index] for index in range(len(texts))]
    groups = clusters([vector for batch in batches for vector in batch], same_from(embedder.name))
    return [[read[index] for index in group] for group in groups] + alone


def _rank(row: dict[str, Any]) -> tuple[int, float, str]:
    return -row["count"], -row["last_asked_at"].timestamp(), row["question"]
