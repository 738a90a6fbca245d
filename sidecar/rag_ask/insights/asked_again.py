"""Asked again: what the site finds today for the questions of a report that had no good answer. Asks no model."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from rag_ask.answering.answerer import ANSWERED, UNSURE
from rag_ask.answering.decide import Decision, decide
from rag_ask.answering.find import find
from rag_ask.answering.read_line import Asked, ReadLine
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.tenant import Site, Visitor

log = structlog.get_logger(__name__)

KINDS = ("gaps", "rated_down")
MAX_PAGES = 3
NOTE = "note"

# A page that was there before has been read before: what changed since may answer.
CHANGED = """
SELECT title, url FROM documents
WHERE site_id = %(site_id)s AND post_id = ANY(%(post_ids)s) AND url <> ''
  AND stored_at > %(since)s + interval '1 second'
ORDER BY array_position(%(post_ids)s, post_id)
"""


def with_results(line: ReadLine, site: Site, report: dict[str, Any]) -> dict[str, Any]:
    """The report; each gap and each answer rated down with `asked_again`: its outcome now, and the pages behind it.

    Raises DatabaseUnavailable, EmbedderChanged.
    """
    plain = replace(line.without_model(), reranker=None, further_searches=0)
    guest = Visitor(site, "", ("public",), "")
    return report | {kind: [group | _result(plain, guest, group) for group in report[kind]] for kind in KINDS}


def _result(line: ReadLine, guest: Visitor, group: dict[str, Any]) -> dict[str, Any]:
    before = {"asked_again": {"outcome": group["outcome"], "pages": []}}
    try:
        decision = decide(find(line, Asked(guest, group["question"])), line.min_score, line.sure_score)
    except (ProviderUnavailable, ProviderRejected) as error:
        log.warning("insights.not_asked_again", reason=error.message)
        return before
    pages = _changed(line, guest, decision, datetime.fromisoformat(group["last_asked_at"]))
    if decision.is_note:
        return {"asked_again": {"outcome": NOTE, "pages": pages}}
    if not pages:
        return before
    return {"asked_again": {"outcome": ANSWERED if decision.is_sure else UNSURE, "pages": pages}}


def _changed(line: ReadLine, guest: Visitor, decision: Decision, since: datetime) -> list[dict[str, str]]:
    """Of the first pages that the answer would be made of, those that were stored since."""
    values = {"site_id": guest.site.site_id, "post_ids": decision.document_ids[:MAX_PAGES], "since": since}
    with line.database.tenant(guest.site.site_id) as connection:
        return [{"title": row["title"], "url": row["url"]} for row in connection.execute(CHANGED, values)]
