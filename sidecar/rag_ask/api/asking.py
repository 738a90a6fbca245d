"""Asking: a verified question -> its answer, counted, limited, measured and noted. All routes that answer share it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from rag_ask.answering import conversation, pipeline
from rag_ask.answering.answer import Answer, Event
from rag_ask.answering.find import search_once
from rag_ask.answering.followup import question_before, with_terms
from rag_ask.answering.read_line import Asked
from rag_ask.api.answer_metrics import measured
from rag_ask.api.client_socket import has_left
from rag_ask.api.services import services
from rag_ask.db import incarnation
from rag_ask.errors import RagAskError
from rag_ask.insights.questions import Note
from rag_ask.passage import Passage

# For the log alone, as nginx writes it there.
NOBODY_WAITS = 499


@dataclass(frozen=True)
class Asking:
    """An answer on its way. events: see `answering/answer.py`. note: to be written once the answer has gone out."""

    events: Generator[Event]
    note: Note


def begin(asked: Asked, started: float) -> Asking:
    """Count the question against its limits and begin its answer. started: when it came, on the monotonic clock.

    Raises RateLimitExceeded, and what `answering/pipeline.py` raises; the events raise what it says.
    """
    shared = services()
    is_near_limit = shared.limits.count(asked.visitor)
    note = Note(shared.question_log, asked.visitor, asked.question)
    try:
        answer = pipeline.cached(shared.cache, shared.line, asked, with_model=not is_near_limit)
    except RagAskError:
        note.count()
        raise
    events = _with_conversation(note.followed(answer), answer, asked, shared.settings.secret)
    return Asking(measured(events, started), note)


def only_answer(events: Generator[Event]) -> dict[str, Any]:
    """The answer alone, once it is whole."""
    with closing(events):
        return next(data for name, data in events if name == "answer")


def passages(asked: Asked, limit: int) -> Sequence[Passage]:
    """The passages alone, best first; counted as a question. Raises what `begin` raises."""
    shared = services()
    shared.limits.count(asked.visitor)
    found = search_once(replace(shared.line, max_passages=limit), asked, asked.question).passages
    if not found:
        incarnation.refuse_unproven(shared.database, asked.site_id)
    return found


def nobody_waits() -> bool:
    """Whether the client hung up while the question waited for its turn."""
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
