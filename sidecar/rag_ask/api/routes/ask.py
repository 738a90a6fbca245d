"""Ask: a visitor's question -> its answer, as JSON or as server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from typing import Any

from flask import Blueprint, Response, jsonify, request

from rag_ask import errors, messages
from rag_ask.answering import conversation
from rag_ask.answering.answer import Event
from rag_ask.answering.read_line import Asked
from rag_ask.api import asking, auth
from rag_ask.api.event_stream import KEEP_ALIVE, event_stream
from rag_ask.api.services import services
from rag_ask.errors import RagAskError
from rag_ask.messages import Ask, Search
from rag_ask.passage import Passage

blueprint = Blueprint("ask", __name__)


@blueprint.post("/v1/ask")
def ask() -> Response:
    """Everything that can fail with a status does so before the first byte of the stream."""
    with ExitStack() as until_sent:
        until_sent.enter_context(services().places.one())
        response = _answered()
        # A stream is sent after this function.
        response.call_on_close(until_sent.pop_all().close)
    return response


def _answered() -> Response:
    shared = services()
    started = time.monotonic()
    visitor = auth.verify_caller(request, shared.database, shared.settings.secret, "ask")
    message = messages.parse_body(request, Ask)
    turns = conversation.verify(shared.settings.secret, visitor, message.conversation)
    asked = Asked(visitor, messages.checked_question(message.question), turns, message.filter)
    if asking.nobody_waits():
        return Response(status=asking.NOBODY_WAITS)
    begun = asking.begin(asked, started)
    is_stream = request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == "text/event-stream"
    response = (
        event_stream(_frames(begun.events), _error_frame) if is_stream else jsonify(asking.only_answer(begun.events))
    )
    response.call_on_close(begun.note.write)
    return response


@blueprint.post("/v1/search")
def search() -> dict[str, Any]:
    """The passages alone, best first."""
    shared = services()
    with shared.places.one():
        visitor = auth.verify_caller(request, shared.database, shared.settings.secret, "search")
        message = messages.parse_body(request, Search)
        asked = Asked(visitor, messages.checked_question(message.question), filter=message.filter)
        return {"passages": [_passage(found) for found in asking.passages(asked, message.limit)]}


def _passage(found: Passage) -> dict[str, Any]:
    named = {"title": found.title, "url": found.url, "heading": found.heading, "text": found.text}
    return named | {"score": round(found.score, 4)}


def _frames(events: Generator[Event]) -> Generator[str]:
    with closing(events):
        for event in events:
            yield _frame(*event)


def _frame(name: str, data: dict[str, Any]) -> str:
    return KEEP_ALIVE if name == "waiting" else f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _error_frame(error: RagAskError) -> str:
    return _frame("error", errors.body(error))
