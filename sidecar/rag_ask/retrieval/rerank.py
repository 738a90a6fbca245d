"""Rerank: a model that reads question and passage together puts the best in order. An HTTP service, and optional.

POST {url}/rerank {model, query, documents} -> a score for each document. Cohere and Jina (and servers like vLLM and
Infinity) answer {results: [{index, relevance_score}]}, Voyage {data: [...]}; TEI wants `texts` and answers
[{index, score}].
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
import structlog

from rag_ask.passage import Passage, embedding_text
from rag_ask.retrieval.fuse import Candidate, Place
from rag_ask.settings import Settings

log = structlog.get_logger(__name__)

MAX_CANDIDATES = 30
TIMEOUT_S = 5.0
# After a failure visitors do not wait for it again for so long.
PAUSE_S = 30.0
# TEI answers 422 to a body without `texts`, gateways before it 400.
REFUSALS = (400, 422)


class Reranker:
    """Safe to share between threads."""

    def __init__(self, url: str, model: str, api_key: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = f"{url.rstrip('/')}/rerank"
        self._model = model
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx2.Client(headers=headers)
        self._timeout_s = timeout_s
        self._wants_texts = False
        self._paused_until = 0.0

    def __enter__(self) -> Reranker:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def rerank(self, question: str, ranked: Sequence[Candidate], passages: Mapping[Place, Passage]) -> list[Candidate]:
        """Put the best candidates in the model's order, with its scores squeezed into [0, 1]; the others follow.

        passages: what the best MAX_CANDIDATES say. When the service fails the order stays as it is.
        """
        best = [candidate for candidate in ranked[:MAX_CANDIDATES] if candidate.place in passages]
        rest = ranked[MAX_CANDIDATES:]
        if not best or time.monotonic() < self._paused_until:
            return list(ranked)
        try:
            scores = self._scores(question, [passages[candidate.place] for candidate in best])
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, OverflowError) as error:
            self._paused_until = time.monotonic() + PAUSE_S
            log.warning("reranker.failed", error=type(error).__name__, reason=str(error), pause_s=PAUSE_S)
            return list(ranked)
        scored = [candidate._replace(score=score) for candidate, score in zip(best, scores, strict=True)]
        lowest = min(scores)
        behind = [candidate._replace(score=min(lowest, candidate.score)) for candidate in rest]
        return [*sorted(scored, key=lambda candidate: -candidate.score), *behind]

    def _scores(self, question: str, best: Sequence[Passage]) -> list[float]:
        texts = [embedding_text(passage.title, passage.heading_path, passage.text) for passage in best]
        response = self._asked(question, texts)
        response.raise_for_status()
        scores = dict(map(_score, _results(response.json())))
        if scores.keys() != set(range(len(texts))) or not all(map(math.isfinite, scores.values())):
            raise ValueError("not one finite score for each document")
        in_order = [scores[index] for index in range(len(texts))]
        if min(in_order) < 0 or max(in_order) > 1:
            # Some give logits.
            in_order = [1 / (1 + math.exp(-max(-50.0, min(50.0, score)))) for score in in_order]
        return in_order

    def _asked(self, question: str, texts: list[str]) -> httpx2.Response:
        until = time.monotonic() + self._timeout_s
        if not self._wants_texts:
            # Without `top_n`: each gives all of them then, and Voyage refuses what it does not know.
            response = self._post({"query": question, "documents": texts}, until)
            if response.status_code not in REFUSALS or "texts" not in response.text:
                return response
        # A text that is too long for TEI's model would fail all of them.
        response = self._post({"query": question, "texts": texts, "truncate": True}, until)
        self._wants_texts = response.is_success
        return response

    def _post(self, body: dict[str, Any], until: float) -> httpx2.Response:
        left_s = max(0.001, until - time.monotonic())
        return self._client.post(self._url, json={"model": self._model} | body, timeout=left_s)


def _results(answer: Any) -> list[Any]:
    if isinstance(answer, list):
        return answer
    results: list[Any] = answer["results"] if "results" in answer else answer["data"]
    return results


def _score(result: Any) -> tuple[int, float]:
    score = result["relevance_score"] if "relevance_score" in result else result["score"]
    return int(result["index"]), float(score)


def from_settings(settings: Settings) -> Reranker | None:
    """The reranker of these settings, where one is named."""
    if not settings.rerank_url:
        return None
    return Reranker(settings.rerank_url, settings.rerank_model, settings.rerank_api_key)
