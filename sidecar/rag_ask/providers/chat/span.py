"""Span: the call of a chat model as OpenTelemetry's conventions for generative AI describe it."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator

from rag_ask import traces
from rag_ask.providers.chat import Messages, Usage

Part = str | Usage


def traced(parts: Iterator[Part], vendor: str, model: str, max_tokens: int, messages: Messages) -> Iterator[Part]:
    """The same parts; the span ends with them."""
    return _traced(parts, vendor, model, max_tokens, messages) if traces.is_on() else parts


def _traced(parts: Iterator[Part], vendor: str, model: str, max_tokens: int, messages: Messages) -> Generator[Part]:
    note, end = traces.begin(
        f"chat {model}",
        {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": vendor,
            "gen_ai.request.model": model,
            "gen_ai.request.max_tokens": max_tokens,
            **traces.texts(**{"gen_ai.input.messages": json.dumps([_message(**said) for said in messages])}),
        },
    )
    written: list[str] = []
    error: Exception | None = None
    try:
        for part in parts:
            if isinstance(part, Usage):
                note({"gen_ai.usage.input_tokens": part.input_tokens, "gen_ai.usage.output_tokens": part.output_tokens})
            else:
                written.append(part)
            yield part
    except Exception as raised:
        error = raised
        raise
    finally:
        if isinstance(parts, Generator):
            parts.close()
        note(traces.texts(**{"gen_ai.output.messages": json.dumps([_message("assistant", "".join(written))])}))
        end(error)


def _message(role: str, content: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": content}]}
