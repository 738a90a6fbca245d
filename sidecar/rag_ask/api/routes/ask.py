"""Ask: a visitor's question -> its answer, as JSON or as server-sent events."""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import structlog
from flask import Blueprint, Response, jsonify, request, stream_with_context

from rag_ask import errors, messages
from rag_ask.answering import conversation, pipeline
from rag_ask.answering.answer import Answer, Event
from rag_ask.answering.find import search_once
from rag_ask.answering.followup import question_before, with_terms
from rag_ask.answering.read_line import Asked
from rag_ask.api import auth
from rag_ask.api.answer_metrics import measured
from rag_ask.api.client_socket import has_left
from rag_ask.api.services import services
from rag_ask.db import incarnation
from rag_ask.errors import ProviderUnavailable, RagAskError
from rag_ask.insights.questions import Note
from rag_ask.messages import Ask, Search
from rag_ask.providers import usage

log = structlog.get_logger(__name__)

# For the log alone, as nginx writes it there.
NOBODY_WAITS = 499

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
    if _has_left():
        return Response(status=NOBODY_WAITS)
    is_near_limit = shared.limits.count(visitor)
    usage.count_question(shared.database, asked.site_id)
    note = Note(shared.database, visitor, asked.question)
    answer = pipeline.cached(shared.cache, shared.line, asked, with_model=not is_near_limit)
    events = measured(_with_conversation(note.followed(answer), answer, asked, shared.settings.secret), started)
    is_stream = request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == "text/event-stream"
    response = _event_stream(events) if is_stream else jsonify(_only_answer(events))
    response.call_on_close(note.write)
    return response


def _has_left() -> bool:
    """Whether the visitor hung up while the question waited for its turn."""
    # Only gunicorn hands its socket on.
    connection = request.environ.get("gunicorn.socket")
    return connection is not None and has_left(connection)


def _with_conversation(events: Generator[Event], answer: Answer, asked: Asked, secret: bytes) -> Generator[Event]:
    """The same events; the answer brings the signed conversation for this visitor's next question."""
    # A kept answer does not hold the question standing alone: the words before are put beside it, without a call.
    extended = with_terms(asked.question, question_before(asked.turns), asked.visitor.language)
    alone = asked.question if answer.stands_alone else answer.question or extended
    with closing(events):
        for name, data in events:
            if name == "answer":
                data |= {"conversation": conversation.sign(secret, asked.visitor, asked.turns, alone, data["answer"])}
            yield name, data


@blueprint.post("/v1/search")
def search() -> dict[str, Any]:
    """The passages alone, best first."""
    with services().places.one():
        return _found()


def _found() -> dict[str, Any]:
    shared = services()
    visitor = auth.verify_caller(request, shared.database, shared.settings.secret, "search")
    message = messages.parse_body(request, Search)
    asked = Asked(visitor, messages.checked_question(message.question), filter=message.filter)
    shared.limits.count(visitor)
    retrieved = search_once(replace(shared.line, max_passages=message.limit), asked, asked.question)
    if not retrieved.passages:
        incarnation.refuse_unproven(shared.database, asked.site_id)
    return {
        "passages": [
            {
                "title": passage.title,
                "url": passage.url,
                "heading": passage.heading,
                "text": passage.text,
                "score": round(passage.score, 4),
            }
            for passage in retrieved.passages
        ]
    }


def _only_answer(events: Generator[Event]) -> dict[str, Any]:
    with closing(events):
        return next(data for name, data in events if name == "answer")


def _event_stream(events: Generator[Event]) -> Response:
    # The first event is made before the response starts, so that its failure still has a status.
    first = next(events)

    def frames() -> Iterator[str]:
        yield _frame(*first)
        try:
            # A visitor who leaves ends the model's answer too.
            with closing(events):
                for event in events:
                    yield _frame(*event)
        except RagAskError as error:
            yield _frame("error", errors.body(error))
        except Exception:
            log.exception("stream broke")
            yield _frame("error", errors.body(ProviderUnavailable("The answer broke off.")))

    response = Response(stream_with_context(frames()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _frame(name: str, data: dict[str, Any]) -> str:
    if name == "waiting":
        # An SSE comment: it keeps proxies from closing the connection, and shows whether the client disconnected.
        return ": keep-alive\n\n"
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
