"""Insights: the report of what visitors asked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.errors import BadRequest
from rag_ask.insights import asked_again
from rag_ask.insights.report import DAYS, of_site

blueprint = Blueprint("insights", __name__)


@blueprint.get("/v1/insights")
def get_insights() -> dict[str, Any]:
    """The insights of the site that signed the request (over the hash of the empty body)."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    wanted = request.args.get("days", "30")
    if wanted not in map(str, DAYS):
        raise BadRequest("invalid_request", f"days: must be one of {', '.join(map(str, DAYS))}.")
    services().question_log.flush()
    report = of_site(services().database, services().embedders, site.site_id, int(wanted))
    return asked_again.with_results(services().line, site, report)
