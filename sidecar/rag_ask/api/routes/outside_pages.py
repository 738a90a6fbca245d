"""Outside pages: the script of the box, and tokens for visitors of pages that no WordPress makes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, jsonify, request

from rag_ask import messages
from rag_ask.api import outside_token
from rag_ask.api.services import services

SCRIPT = Path(__file__).parents[1] / "rag-ask.js"
SCRIPT_MAX_AGE_S = 3600

blueprint = Blueprint("outside_pages", __name__)


@blueprint.get("/rag-ask.js")
def script() -> Response:
    """The whole box. The same for every site and visitor, so any cache may keep it."""
    response = Response(_script(), mimetype="text/javascript")
    response.cache_control.public = True
    response.cache_control.max_age = SCRIPT_MAX_AGE_S
    # Pages that isolate themselves (COEP), and those that check the script's hash, may load it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _script() -> bytes:
    return SCRIPT.read_bytes()


@blueprint.post("/v1/token")
def token() -> Response:
    """A token as WordPress gives one, for a guest on a page of a registered origin. Off until the site allows it."""
    shared = services()
    site, kid = outside_token.verify_page(request, shared.database)
    visitor = outside_token.guest(request, site, shared.settings.secret)
    shared.limits.count_token(visitor)
    response = jsonify(
        token=outside_token.sign(shared.settings.secret, kid, visitor),
        expires_in=outside_token.LIFETIME_S,
        ask_url=f"{shared.settings.public_url}/v1/ask",
        feedback_url=f"{shared.settings.public_url}/v1/feedback",
        way="straight",
        streams=True,
        max_question_characters=messages.MAX_QUESTION_CHARACTERS,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
