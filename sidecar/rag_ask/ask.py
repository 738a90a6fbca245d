"""Ask: a visitor's question -> retrieve -> ground -> stream -> cite, as JSON or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, stream_with_context

from rag_ask import auth, messages
from rag_ask.answer import AnswerModel, Usage
from rag_ask.auth import Visitor
from rag_ask.cite import MarkerGate, resolve
from rag_ask.errors import ProviderUnavailable, RagAskError
from rag_ask.ground import Grounding, Passage, Source, ground
from rag_ask.messages import Ask, Filter, Search
from rag_ask.retrieve import MAX_PASSAGES, Retrieved, retrieve
from rag_ask.services import services

blueprint = Blueprint("ask", __name__)

MAX_SUGGESTIONS = 3

Event = tuple[str, dict[str, Any]]


@blueprint.post("/v1/ask")
def ask() -> Response:
    """Everything that can fail with a status does so before the first byte of the stream."""
    visitor = auth.verify_ask(request, services().database, services().settings.secret)
    asked = messages.read(request, Ask)
    question = messages.checked_question(asked.question)
    services().limits.count(visitor)
    retrieved = _retrieve(visitor, question, asked.filter)
    is_enough = retrieved.is_enough(services().settings.min_score)
    grounding = ground(question, retrieved.passages if is_enough else ())
    events = answer_events(services().answer_model, grounding, nearest_pages(retrieved.passages))
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


def answer_events(
    model: AnswerModel, grounding: Grounding, suggestions: Sequence[dict[str, str]] = ()
) -> Iterator[Event]:
    """`sources`, `delta`*, `answer`, `done`. Without sources there is no answer and no call of the model.

    suggestions: pages to name when there is no answer.
    Raises ProviderUnavailable or ProviderRejected.
    """
    sources = [_source(source) for source in grounding.sources]
    yield "sources", {"sources": sources}
    gate, text, usage = MarkerGate(len(sources)), "", Usage()
    for part in model.stream(grounding) if sources else ():
        if isinstance(part, Usage):
            usage = part
            continue
        text += part
        if shown := gate.feed(part):
            yield "delta", {"text": shown}
    if shown := gate.close():
        yield "delta", {"text": shown}
    final, citations = resolve(text, grounding.sources)
    answered = bool(citations)
    yield (
        "answer",
        {
            "outcome": model.outcome if answered else "abstained",
            "answer": final if answered else "",
            "citations": [asdict(citation) for citation in citations],
            "sources": sources,
            "suggestions": [] if answered else list(suggestions),
            "model": model.name,
            "usage": asdict(usage),
        },
    )
    yield "done", {}


def nearest_pages(passages: Sequence[Passage]) -> list[dict[str, str]]:
    """Up to three pages to look at instead, the nearest first. They are the visitor's to read, as all passages are."""
    titles = {passage.url: passage.title for passage in reversed(passages)}
    best = dict.fromkeys(passage.url for passage in passages)
    return [{"title": titles[url], "url": url} for url in list(best)[:MAX_SUGGESTIONS]]


def _source(source: Source) -> dict[str, Any]:
    passage = source.passage
    return {
        "number": source.number,
        "title": passage.title,
        "url": passage.url,
        "heading": " > ".join(passage.heading_path),
    }


def _only_answer(events: Iterator[Event]) -> dict[str, Any]:
    return next(data for name, data in events if name == "answer")


def _event_stream(events: Iterator[Event]) -> Response:
    # The first event is made before the response starts, so that its failure still has a status.
    first = next(events)

    def frames() -> Iterator[str]:
        yield _frame(*first)
        try:
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
