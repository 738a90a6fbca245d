"""Site settings that the site's admin page sends."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from rag_ask import messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.db import sites
from rag_ask.insights import questions
from rag_ask.messages import SiteSettings

blueprint = Blueprint("site_settings", __name__)


@blueprint.post("/v1/settings")
def change() -> dict[str, Any]:
    """What holds from now on. Words of questions that are too old by it are deleted at once."""
    site = auth.verify_write(request, services().database, services().settings.secret)
    wanted = messages.parse_body(request, SiteSettings)
    with services().database.tenant(site.site_id) as connection:
        questions.set_days(connection, site.site_id, wanted.question_days)
        questions.delete_expired(connection, site.site_id)
        sites.set_owner_budget(connection, site.site_id, wanted.daily_budget_usd)
    return wanted.model_dump()
