"""Measure the first word of /v1/ask against the provider's own.

The model is a local server that sends its first sentence whole 300 ms after the request, and then the next one. An
answer shows no sentence before it is whole and checked, so that is what its first word can be compared with. `rag-ask
serve` with the small embedder and the server itself are asked in turns; the embedder alone embeds the same questions. A
question whose embedding is cached was asked before; kept answers are switched off.
"""

from __future__ import annotations

import contextlib
import socket
import time
from statistics import median

import figures
from figures import Figure
from fresh_postgres import SECRET, fresh_postgres
from serving import request, serving, site

from fakes.openai_server import OpenAIServer, chunk
from rag_ask.providers import models
from rag_ask.settings import Settings

DELAY_S = 0.3
QUESTIONS, QUICK, WARM = 60, 10, 3
MORE_MS = 15.0
SENTENCE = "The shop opens at seven in the morning [1]."
# Whoever reads knows that a sentence is whole when the next one begins.
NEXT = " It opens at seven [1]."
CHAT = {"model": "gpt-4o-mini", "stream": True, "messages": [{"role": "user", "content": "When?"}]}


def measure(is_quick: bool) -> list[Figure]:
    count = QUICK if is_quick else QUESTIONS
    took: dict[str, list[float]] = {"provider": [], "cached": [], "new": [], "embedding": []}
    with fresh_postgres() as url, site(url) as wordpress, OpenAIServer() as provider:
        provider.behaviour = lambda path: delayed  # type: ignore[method-assign]
        model = {"RAG_ASK_ANSWER_MODEL": "openai", "OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "test"}
        embedder = models.embedder(Settings(url, SECRET, embedder="local-en"))
        with serving(url, RAG_ASK_CACHE_TTL_S="0", **model) as (port, _):
            provider_port = int(provider.base_url.split(":")[2].split("/")[0])
            for number in range(WARM + count):
                question = f"When does the shop open in the morning of day {number}?"
                sent = request("/v1/ask", {"question": question}, wordpress.ask_token(), "text/event-stream")
                took["new"].append(first_ms(port, sent, b"event: delta"))
                took["cached"].append(first_ms(port, sent, b"event: delta"))
                took["provider"].append(first_ms(provider_port, request("/v1/chat/completions", CHAT, ""), b"opens"))
                started = time.perf_counter()
                embedder.embed_questions([question])  # type: ignore[attr-defined]
                took["embedding"].append(1000 * (time.perf_counter() - started))
    found = {name: median(times[WARM:]) for name, times in took.items()}
    more = {name: found[name] - found["provider"] for name in ("cached", "new")}
    name = "first word of `/v1/ask` after the provider's first whole sentence, median"
    return [
        Figure("first-word", name, more["cached"], "ms", MORE_MS, False, "embedding cached"),
        Figure("first-word", name, more["new"] - found["embedding"], "ms", MORE_MS, False, "less the embedding"),
        Figure("first-word", "embedding of the question, median", found["embedding"], "ms"),
    ]


def delayed(handler, body):  # type: ignore[no-untyped-def]
    handler.owner.stopping.wait(DELAY_S)
    handler.start_stream()
    handler.send_event(chunk(SENTENCE))
    handler.send_event(chunk(NEXT))
    handler.send_event(chunk(finish_reason="stop"))
    handler.send_event("[DONE]")
    handler.send_piece(b"")


def first_ms(port: int, sent: bytes, mark: bytes) -> float:
    """Milliseconds from the request until these bytes have come."""
    held = b""
    with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as connection:
        started = time.perf_counter()
        connection.sendall(sent)
        while mark not in held:
            data = connection.recv(65_536)
            assert data, held
            held += data
        return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    figures.run(__doc__, measure)
