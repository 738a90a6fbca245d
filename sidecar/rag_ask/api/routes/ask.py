"""Ask: a visitor's question -> retrieve -> ground -> stream -> cite, as JSON or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, stream_with_context

from rag_ask import errors, messages
from rag_ask.answering import conversation
from rag_ask.answering.answerer import Answerer
from rag_ask.answering.cache.key import answer_key
from rag_ask.answering.cached_answer import Event, Exchange
from rag_ask.answering.conversation import Turn
from rag_ask.answering.events import answer_events, nearest_pages
from rag_ask.answering.followup import standalone
from rag_ask.answering.ground import ground
from rag_ask.answering.pipeline import find
from rag_ask.api import auth
from rag_ask.api.services import services
from rag_ask.errors import ProviderUnavailable, RagAskError
from rag_ask.insights.questions import Note
from rag_ask.messages import Ask, Filter, Search
from rag_ask.providers import usage
from rag_ask.retrieval.retrieve import MAX_PASSAGES, Retrieved, retrieve
from rag_ask.tenant import Visitor
from rag_ask.text.invisible import strip_invisible

blueprint = Blueprint("ask", __name__)


@blueprint.post("/v1/ask")
def ask() -> Response:
    """Everything that can fail with a status does so before the first byte of the stream."""
    shared = services()
    visitor = auth.verify_caller(request, shared.database, shared.settings.secret, "ask")
    asked = messages.read(request, Ask)
    turns = conversation.read(shared.settings.secret, visitor, asked.conversation)
    question = messages.checked_question(asked.question)
    shared.limits.count(visitor)
    usage.count_question(shared.database, visitor.site.site_id)
    note = Note(shared.database, visitor, question)
    key_of = partial(answer_key, shared.database, visitor, question, _depends_on(asked, turns))
    write = partial(_write, visitor, question, turns, asked.filter)
    exchange = shared.cache.exchange(
        key_of, partial(write, shared.answerer), partial(write, shared.answerer.without_model())
    )
    alone = _alone(exchange, question, turns)
    sign = partial(conversation.write, shared.settings.secret, visitor, turns, alone)
    exchange.events = _signed(exchange.events, sign)
    events = note.followed(exchange)
    is_stream = request.accept_mimetypes.best_match(["application/json", "text/event-stream"]) == "text/event-stream"
    response = _event_stream(events) if is_stream else jsonify(_only_answer(events))
    response.call_on_close(note.write)
    return response


def _depends_on(asked: Ask, turns: Sequence[Turn]) -> list[str]:
    """What an answer depends on beside the question, its visitor, the content and the prompts."""
    settings, model = services().settings, services().answerer.model
    before = [(turn.question, turn.answer) for turn in turns]
    chosen = [
        settings.min_score,
        settings.unsupported,
        settings.max_answer_tokens,
        settings.rerank_model,
        settings.further_searches,
    ]
    return [model, asked.filter.model_dump_json(), json.dumps(before), json.dumps(chosen)]


def _write(visitor: Visitor, question: str, turns: Sequence[Turn], wanted: Filter, answerer: Answerer) -> Exchange:
    shared, site_id = services(), visitor.site.site_id
    write, search = partial(answerer.write, site_id), partial(_retrieve, visitor, wanted)
    min_score = shared.settings.min_score
    alone, retrieved = find(question, turns, search, write, shared.settings.further_searches, min_score)
    is_enough = retrieved.is_enough(min_score)
    grounding = ground(alone, retrieved.passages if is_enough else ())
    events = answer_events(
        answerer,
        site_id,
        grounding,
        marks_unsupported=shared.settings.unsupported == "mark",
        suggestions=nearest_pages(retrieved.passages),
    )
    document_ids = list(dict.fromkeys(source.passage.post_id for source in grounding.sources))
    return Exchange(events, retrieved.confidence, document_ids, alone == question, alone)


def _alone(exchange: Exchange, question: str, turns: Sequence[Turn]) -> str:
    """The question standing alone. A kept answer does not hold it: the rules make it again, without a call."""
    if exchange.stands_alone:
        return question
    return exchange.question or standalone(question, turns)


def _signed(events: Generator[Event], sign: Callable[[str], str]) -> Generator[Event]:
    """The same events; the answer brings the conversation for this visitor's next question."""
    with closing(events):
        for name, data in events:
            yield name, data | {"conversation": sign(data["answer"])} if name == "answer" else data


@blueprint.post("/v1/search")
def search() -> dict[str, Any]:
    """The passages alone, best first."""
    visitor = auth.verify_caller(request, services().database, services().settings.secret, "search")
    wanted = messages.read(request, Search)
    question = messages.checked_question(wanted.question)
    services().limits.count(visitor)
    retrieved = _retrieve(visitor, wanted.filter, question, limit=wanted.limit)
    return {
        "passages": [
            {
                "title": passage.title,
                "url": passage.url,
                "heading": passage.heading,
                "text": strip_invisible(passage.text),
                "score": round(passage.score, 4),
            }
            for passage in retrieved.passages
        ]
    }


def _retrieve(
    visitor: Visitor, wanted: Filter, question: str, further: Sequence[str] = (), limit: int = MAX_PASSAGES
) -> Retrieved:
    shared = services()
    return retrieve(
        shared.database, shared.embedders, visitor, question, limit, wanted, reranker=shared.reranker, further=further
    )


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
            current_app.logger.exception("stream broke")
            yield _frame("error", errors.body(ProviderUnavailable("The answer broke off.")))

    response = Response(stream_with_context(frames()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _frame(name: str, data: dict[str, Any]) -> str:
    if name == "waiting":
        # A comment. Writing it is how a visitor who left is noticed, and keeps proxies from hanging up.
        return ": keep-alive\n\n"
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
