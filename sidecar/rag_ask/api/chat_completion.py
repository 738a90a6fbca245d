"""Chat completion: OpenAI's messages -> a question with its turns, and an answer -> OpenAI's completion or chunks."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from rag_ask.answering.answer import Event
from rag_ask.answering.conversation import MAX_ANSWER_CHARACTERS, MAX_TURNS, Turn
from rag_ask.api.answer_markdown import NO_ANSWER, NOT_SURE, after_words, whole
from rag_ask.errors import BadRequest
from rag_ask.fields import storable
from rag_ask.messages import MAX_QUESTION_CHARACTERS, Message

MODEL = "rag-ask"
# OpenAI's words for errors.
TYPE_BY_STATUS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class Tolerant(Message):
    """Clients send settings of models that mean nothing here."""

    model_config = ConfigDict(extra="ignore")


class Part(Tolerant):
    """A part of a message; only text is read."""

    text: str = ""


class ChatMessage(Tolerant):
    """A message of the chat. Those of `system`, `developer` and `tool` are not read."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The text of all parts."""
        if isinstance(self.content, list):
            return storable("\n".join(part.text for part in self.content))
        return storable(self.content or "")


class StreamOptions(Tolerant):
    """include_usage: the tokens come in a chunk of their own before the end."""

    include_usage: bool = False


class Chat(Tolerant):
    """A request for a completion. Its last message of the user is the question."""

    model: Literal["rag-ask"]
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1_000)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None


def question_and_turns(messages: Sequence[ChatMessage]) -> tuple[str, tuple[Turn, ...]]:
    """The question and the last turns before it, no longer than those of a signed conversation. Raises BadRequest.

    The turns come from a server and are unsigned: they only help to find pages, and answers are made of pages alone.
    """
    said = [message for message in messages if message.role in ("user", "assistant")]
    asked = [index for index, message in enumerate(said) if message.role == "user"]
    if not asked:
        raise BadRequest("question_empty", "There is no message of the user. Send the question as the last message.")
    last = asked[-1]
    turns = [
        Turn(question.text.strip()[:MAX_QUESTION_CHARACTERS], _answer_in(answer.text))
        for question, answer in pairwise(said[:last])
        if (question.role, answer.role) == ("user", "assistant") and question.text.strip()
    ]
    return said[last].text, tuple(turns[-MAX_TURNS:])


def completion(answer: dict[str, Any]) -> dict[str, Any]:
    """The whole answer as one completion."""
    message = {"role": "assistant", "content": whole(answer), "refusal": None}
    return _head(answer["answer_id"], "chat.completion") | {
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(answer),
        **_extra(answer),
    }


def chunks(events: Generator[Event], completion_id: str, *, with_usage: bool) -> Generator[dict[str, Any] | None]:
    """The answer as chunks while it is written; None where there is nothing to show yet."""
    head = _head(completion_id, "chat.completion.chunk")
    with closing(events):
        for name, data in events:
            if name == "sources":
                yield head | {"choices": [_choice({"role": "assistant", "content": ""})]}
            elif name == "delta":
                yield head | {"choices": [_choice({"content": data["text"]})]}
            elif name == "waiting":
                yield None
            elif name == "answer":
                yield head | {"choices": [_choice({"content": after_words(data)})]}
                yield head | {"choices": [_choice({}) | {"finish_reason": "stop"}]} | _extra(data)
                if with_usage:
                    yield head | {"choices": [], "usage": _usage(data)}


def error_type(status: int) -> str:
    """OpenAI's word for an error of this HTTP status."""
    return TYPE_BY_STATUS.get(status, "server_error" if status >= 500 else "invalid_request_error")


def _head(completion_id: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{completion_id}", "object": kind, "created": int(time.time()), "model": MODEL}


def _choice(delta: dict[str, str]) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": None, "logprobs": None}


def _usage(answer: dict[str, Any]) -> dict[str, int]:
    prompt, written = answer["usage"]["input_tokens"], answer["usage"]["output_tokens"]
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}


def _extra(answer: dict[str, Any]) -> dict[str, Any]:
    """What OpenAI's form has no place for; its clients pass unknown fields on."""
    return {name: answer[name] for name in ("outcome", "citations", "suggestions")}


def _answer_in(text: str) -> str:
    """The beginning of an earlier answer; empty when it says that there was none."""
    return "" if text.startswith((NO_ANSWER, NOT_SURE)) else text[:MAX_ANSWER_CHARACTERS]
