"""Ask: a visitor's question -> retrieve -> ground -> stream -> cite, as JSON or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, stream_with_context

from rag_ask import api_keys, messages
from rag_ask.answer import AnswerModel, Usage
from rag_ask.auth import Visitor
from rag_ask.cache.key import answer_key
from rag_ask.cite import MarkerGate, resolve
from rag_ask.errors import ProviderUnavailable, RagAskError
from rag_ask.exchange import Event, Exchange
from rag_ask.ground import Grounding, Source, ground
from rag_ask.messages import Ask, Search
from rag_ask.questions import Note
from rag_ask.retrieve import Retrieved, retrieve
from rag_ask.services import services

blueprint = Blueprint("ask", __name__)


@blueprint.post("/v1/ask")
def ask() -> Response:
    """Everything that can fail with a status does so before the first byte of the stream."""
    visitor = api_keys.verify(request, services().database, services().settings.secret, "ask")
    question = messages.checked_question(messages.read(request, Ask).question)
    services().limits.count(visitor)
    note = Note(services().database, visitor, question)
    asked = (services().answer_model.name, str(services().min_score))
    key_of = partial(answer_key, services().database, visitor, question, asked)
    events = note.followed(services().cache.exchange(key_of, partial(_write, visitor, question)))
    is_stream = request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == "text/event-stream"
    response = _event_stream(events) if is_stream else jsonify(_only_answer(events))
    response.call_on_close(note.write)
    return response


def _write(visitor: Visitor, question: str) -> Exchange:
    retrieved = retrieve(services().database, services().embedders, visitor, question)
    grounding = ground(question, _good_enough(retrieved))
    document_ids = list(dict.fromkeys(source.passage.post_id for source in grounding.sources))
    return Exchange(answer_events(services().answer_model, grounding), retrieved.confidence, document_ids)


@blueprint.post("/v1/search")
def search() -> dict[str, Any]:
    """The passages alone, best first."""
    visitor = api_keys.verify(request, services().database, services().settings.secret, "search")
    wanted = messages.read(request, Search)
    question = messages.checked_question(wanted.question)
    services().limits.count(visitor)
    retrieved = retrieve(services().database, services().embedders, visitor, question, wanted.limit)
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


def _good_enough(retrieved: Retrieved) -> tuple[Any, ...]:
    return retrieved.passages if retrieved.confidence >= services().min_score else ()


def answer_events(model: AnswerModel, grounding: Grounding) -> Generator[Event]:
    """`sources`, `delta`*, `answer`, `done`. Without sources there is no answer and no call of the model.

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
            "model": model.name,
            "usage": asdict(usage),
        },
    )
    yield "done", {}


def _source(source: Source) -> dict[str, Any]:
    passage = source.passage
    return {
        "number": source.number,
        "title": passage.title,
        "url": passage.url,
        "heading": " > ".join(passage.heading_path),
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
            # A visitor who leaves ends the writing of the answer too.
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
