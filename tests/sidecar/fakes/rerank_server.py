"""A local HTTP server that plays the /rerank protocol of Cohere, Jina, Voyage and TEI, good and bad.

Good is: relevance is the share of the query's words that a document has. Put a function of the request's body into
`next` to answer (status, bytes) otherwise, once.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, bytes]
Shape = Callable[[dict[str, Any]], Reply]

VOYAGE_FIELDS = {"model", "query", "documents", "top_k", "return_documents", "truncation"}
VOYAGE_REFUSES = (
    "The request body is not valid JSON, or some arguments were not specified properly. "
    "In particular, Argument '{}' is not supported by our API"
)
# How many texts TEI takes, unless its operator says otherwise.
TEI_BATCH = 32


def results(*scores: tuple[int, float]) -> Reply:
    found = [{"index": index, "relevance_score": score} for index, score in scores]
    return as_json({"results": found})


def as_json(answer: object, status: int = 200) -> Reply:
    return status, json.dumps(answer).encode()


def by_shared_words(query: str, texts: list[str]) -> list[tuple[int, float]]:
    wanted = set(query.lower().split())
    shares = [len(wanted & set(text.lower().split())) / len(wanted) for text in texts]
    return sorted(enumerate(shares), key=lambda pair: -pair[1])


def cohere(body: dict[str, Any]) -> Reply:
    """{results: [...]}, without the documents."""
    if "documents" not in body:
        return as_json({"message": "invalid request: list of documents must not be empty"}, 400)
    return results(*by_shared_words(body["query"], body["documents"])[: body.get("top_n")])


def jina(body: dict[str, Any]) -> Reply:
    """{results: [...]} with the documents, unless told otherwise."""
    if "documents" not in body:
        return as_json({"detail": "[{'type': 'missing', 'loc': ('body', 'documents')}]"}, 422)
    ranked = by_shared_words(body["query"], body["documents"])[: body.get("top_n")]
    found = [{"index": n, "relevance_score": s, "document": {"text": body["documents"][n]}} for n, s in ranked]
    return as_json({"model": body["model"], "object": "list", "usage": {"total_tokens": 815}, "results": found})


def voyage(body: dict[str, Any]) -> Reply:
    """{data: [...]}; what it does not know is refused."""
    if unknown := sorted(body.keys() - VOYAGE_FIELDS):
        return as_json({"detail": VOYAGE_REFUSES.format(unknown[0])}, 400)
    ranked = by_shared_words(body["query"], body["documents"])[: body.get("top_k")]
    found = [{"relevance_score": score, "index": index} for index, score in ranked]
    return as_json({"object": "list", "data": found, "model": body["model"], "usage": {"total_tokens": 26}})


def tei(body: dict[str, Any]) -> Reply:
    """A bare list; `texts` must be there, and what it does not know is passed over."""
    if "texts" not in body:
        refused = "Failed to deserialize the JSON body into the target type: missing field `texts` at line 1 column 99"
        return 422, refused.encode()
    if len(body["texts"]) > TEI_BATCH:
        many = f"batch size {len(body['texts'])} > maximum allowed batch size {TEI_BATCH}"
        return as_json({"error": many, "error_type": "Validation"}, 413)
    return as_json([{"index": index, "score": score} for index, score in by_shared_words(body["query"], body["texts"])])


class RerankServer:
    """Listens on a free local port between `__enter__` and `__exit__`."""

    def __init__(self, shape: Shape = cohere) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.next: deque[Shape] = deque()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                owner.requests.append((self.path, headers, body))
                status, content = (owner.next.popleft() if owner.next else shape)(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v2"

    def __enter__(self) -> RerankServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
