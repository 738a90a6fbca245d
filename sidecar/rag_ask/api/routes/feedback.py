"""Feedback: a visitor's rating of an answer, with a comment."""

from __future__ import annotations

from flask import Blueprint, request

from rag_ask import messages
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.fields import storable
from rag_ask.insights import questions
from rag_ask.messages import Feedback

blueprint = Blueprint("feedback", __name__)


@blueprint.post("/v1/feedback")
def feedback() -> tuple[str, int]:
    """204. The same again changes nothing, another rating takes the place of the first."""
    visitor = auth.verify_ask(request, services().database, services().settings.secret)
    given = messages.parse_body(request, Feedback)
    services().limits.count_feedback(visitor)
    site_id = visitor.site.site_id
    # The row of what is rated may still wait to be written.
    services().question_log.flush()
    with services().database.tenant(site_id) as connection:
        questions.rate(connection, site_id, given.answer_id, given.rating, storable(given.comment).strip())
    return "", 204
