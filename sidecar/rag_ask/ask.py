"""Ask: a visitor's question -> retrieve -> ground -> stream -> cite, as JSON or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, stream_with_context

from rag_ask import auth, conversation, messages, usage
from rag_ask.auth import Visitor
from rag_ask.errors import ProviderUnavailable, RagAskError
from rag_ask.events import Event, answer_events, nearest_pages
from rag_ask.followup import standalone
from rag_ask.ground import ground
from rag_ask.messages import Ask, Filter, Search
from rag_ask.retrieve import MAX_PASSAGES, Retrieved, retrieve
from rag_ask.services import services

blueprint = Blueprint("ask", __name__)


@blueprint.post("/v1/ask")
def ask() -> Response:
    """Everything that can fail with a status does so before the first byte of the stream."""
    visitor = auth.verify_ask(request, services().database, services().settings.secret)
    secret, site_id = services().settings.secret, visitor.site.site_id
    asked = messages.read(request, Ask)
    turns = conversation.read(secret, visitor, asked.conversation)
    question = messages.checked_question(asked.question)
    services().limits.count(visitor)
    question = standalone(question, turns, partial(services().answerer.write, site_id))
    retrieved = _retrieve(visitor, question, asked.filter)
    is_enough = retrieved.is_enough(services().settings.min_score)
    grounding = ground(question, retrieved.passages if is_enough else ())
    usage.count_question(services().database, site_id)
    events = answer_events(
        services().answerer,
        site_id,
        grounding,
        marks_unsupported=services().settings.unsupported == "mark",
        suggestions=nearest_pages(retrieved.passages),
        next_conversation=partial(conversation.write, secret, visitor, turns, question),
    )
    if request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == "text/event-stream":
        return _event_stream(events)
    return jsonify(_only_answer(events))


@blueprint.post("/v1/search")
def search() -> dict[str, Any]:
    """The passages alone, best first."""
    visitor = auth.verify_ask(request, services().database, services().settings.secret)
    wanted = messages.read(request, Search)
    question = messages.checked_question(wanted.question)
    services().limits.count(visitor)
    retrieved = _retrieve(visitor, question, wanted.filter, wanted.limit)
    return {
        "passages": [
            {
                "title": passage.title,
                "url": passage.url,
                "heading": " > ".join(passage.heading_path),
                "text": passage.text,
                "score": round(passage.score, 4),
            }
            for passage in retrieved.passages
        ]
    }


def _retrieve(visitor: Visitor, question: str, wanted: Filter, limit: int = MAX_PASSAGES) -> Retrieved:
    shared = services()
    return retrieve(shared.database, shared.embedders, visitor, question, limit, wanted, reranker=shared.reranker)


def _only_answer(events: Generator[Event]) -> dict[str, Any]:
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
            yield _frame("error", {"error": {"code": error.code, "message": error.message}})
        except Exception:
            current_app.logger.exception("stream broke")
            broken = ProviderUnavailable("The answer broke off. Ask again in a minute.")
            yield _frame("error", {"error": {"code": broken.code, "message": broken.message}})

    response = Response(stream_with_context(frames()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _frame(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
