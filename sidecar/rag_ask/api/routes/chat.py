"""Chat: OpenAI's protocol for chat widgets and clients that exist. API keys only."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request

from rag_ask import errors, messages
from rag_ask.answering.read_line import Asked
from rag_ask.api import asking, auth
from rag_ask.api.chat_completion import MODEL, Chat, chunks, completion, error_type, question_and_turns
from rag_ask.api.event_stream import KEEP_ALIVE, event_stream
from rag_ask.api.services import services
from rag_ask.errors import RagAskError

blueprint = Blueprint("chat", __name__)


@blueprint.post("/v1/chat/completions")
def complete() -> Response:
    """As in `ask.py`: everything that can fail with a status does so before the first byte of the stream."""
    with ExitStack() as until_sent:
        until_sent.enter_context(services().places.one())
        response = _completed()
        # A stream is sent after this function.
        response.call_on_close(until_sent.pop_all().close)
    return response


@blueprint.get("/v1/models")
def list_models() -> dict[str, Any]:
    """The only model: clients ask for the list to test their connection. Any key may."""
    auth.verify_server(request, services().database)
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "rag-ask"}]}


@blueprint.after_request
def as_openai(response: Response) -> Response:
    """Give an error the two fields that OpenAI's clients read besides ours."""
    if response.status_code >= 400 and response.is_json:
        response.set_data(json.dumps(_as_openai(response.get_json(), response.status_code)))
    return response


def _completed() -> Response:
    started = time.monotonic()
    visitor = auth.verify_server(request, services().database, "ask")
    chat = messages.parse_body(request, Chat)
    question, turns = question_and_turns(chat.messages)
    asked = Asked(visitor, messages.checked_question(question), turns)
    if asking.nobody_waits():
        return Response(status=asking.NOBODY_WAITS)
    begun = asking.begin(asked, started)
    if chat.stream:
        response = event_stream(_frames(begun, chat), _error_frame)
    else:
        response = jsonify(completion(asking.only_answer(begun.events)))
    response.call_on_close(begun.note.write)
    return response


def _frames(begun: asking.Asking, chat: Chat) -> Generator[str]:
    with_usage = chat.stream_options is not None and chat.stream_options.include_usage
    with closing(chunks(begun.events, str(uuid4()), with_usage=with_usage)) as made:
        for chunk in made:
            yield KEEP_ALIVE if chunk is None else _frame(chunk)
    yield "data: [DONE]\n\n"


def _frame(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _error_frame(error: RagAskError) -> str:
    return _frame(_as_openai(errors.body(error), error.status))


def _as_openai(body: dict[str, Any], status: int) -> dict[str, Any]:
    return {"error": body["error"] | {"type": error_type(status), "param": None}}
