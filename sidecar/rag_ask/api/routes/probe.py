"""Probe: a stream without a question, which shows a browser whether answers reach it, and word by word."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

from flask import Blueprint, Response, request

from rag_ask.api import auth
from rag_ask.api.services import services

PIECES = 4
# A proxy that holds the stream back delivers the pieces together; without one they come this far apart.
INTERVAL_S = 0.4

blueprint = Blueprint("probe", __name__)


@blueprint.post("/v1/probe")
def probe() -> Response:
    """Takes the place, the token and the way of a question, and asks nothing."""
    with ExitStack() as until_sent:
        until_sent.enter_context(services().places.one())
        visitor = auth.verify_ask(request, services().database, services().settings.secret)
        # As of a question, so that the same bodies are refused.
        request.get_data()
        services().limits.count_probe(visitor)
        response = Response(_frames(), mimetype="text/event-stream")
        response.headers["Cache-Control"] = "no-cache, no-transform"
        response.headers["X-Accel-Buffering"] = "no"
        # The stream is sent after this function.
        response.call_on_close(until_sent.pop_all().close)
    return response


def _frames() -> Iterator[str]:
    for number in range(1, PIECES + 1):
        yield f"event: piece\ndata: {json.dumps({'number': number})}\n\n"
        time.sleep(INTERVAL_S if number < PIECES else 0)
    yield "event: done\ndata: {}\n\n"
