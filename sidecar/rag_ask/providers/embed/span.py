"""Span: a call of an embedder as OpenTelemetry's conventions for generative AI describe it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from rag_ask import traces


def embedding_span(embedder: str) -> AbstractContextManager[traces.Note]:
    """embedder: its name, which begins with its provider."""
    provider, _, model = embedder.partition("/")
    call = {"gen_ai.operation.name": "embeddings", "gen_ai.provider.name": provider, "gen_ai.request.model": model}
    return traces.span(f"embeddings {model}", call)
