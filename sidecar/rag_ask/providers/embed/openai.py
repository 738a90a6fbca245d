"""The embedder for OpenAI and every server that speaks its embeddings protocol."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import numpy as np
import openai
from numpy.typing import NDArray
from openai.types import CreateEmbeddingResponse

from rag_ask.errors import ProviderUnavailable
from rag_ask.providers.openai_client import PROVIDER, connect

# Limits of the API. A token is at least one byte of UTF-8, so counting bytes can only err on the safe side,
# and needs no vocabulary.
MAX_INPUTS = 2048
MAX_REQUEST_BYTES = 300_000
MAX_INPUT_BYTES = 8_191


class OpenAIEmbedder:
    """Embeds over HTTP. Safe to share between threads."""

    def __init__(
        self,
        model: str,
        dimensions: int,
        api_key: str,
        base_url: str | None = None,
        timeout_s: float = 10.0,
        retry_pause_s: float = 0.5,
        price_usd: float = 0.0,
    ) -> None:
        self.name = f"openai/{model}/{dimensions}"
        self.dimensions = dimensions
        self.price_usd = price_usd
        self._model = model
        self._timeout_s = timeout_s
        self._retry_pause_s = retry_pause_s
        self._client = connect(api_key, base_url, timeout_s)
        self._sends_dimensions = True
        # On the monotonic clock: until then the provider asked not to be asked, by whichever thread.
        self._held_until = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimensions). Only the first 8,191 bytes of a text count.

        Raises ProviderUnavailable when a later try may succeed, ProviderRejected when it will not.
        """
        return self.embed_counted(texts)[0]

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], int]:
        """As embed(), and how many tokens the texts were."""
        parts = [self._embed_batch(batch) for batch in batches([_acceptable(text) for text in texts])]
        vectors = np.concatenate([np.empty((0, self.dimensions), dtype=np.float32), *(rows for rows, _ in parts)])
        return vectors, sum(tokens for _, tokens in parts)

    def _embed_batch(self, batch: list[str]) -> tuple[NDArray[np.float32], int]:
        until = time.monotonic() + self._timeout_s
        rows, tokens = PROVIDER.with_retries(lambda: self._request(batch, until), until, self._retry_pause_s)
        return self._checked(rows, len(batch)), tokens

    def _request(self, batch: list[str], until: float) -> tuple[list[list[float]], int]:
        self._wait_while_held(until)
        try:
            return self._create(batch)
        except openai.RateLimitError as error:
            self._held_until = time.monotonic() + (PROVIDER.retry_after_s(error) or 0.0)
            raise
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            # Servers of models with one fixed size refuse the parameter, even when it names that size.
            if not self._sends_dimensions or "dimensions" not in str(error):
                raise
            self._sends_dimensions = False
            return self._create(batch)

    def _wait_while_held(self, until: float) -> None:
        """Raises ProviderUnavailable when that would take longer than `until`."""
        while (left := self._held_until - time.monotonic()) > 0:
            if time.monotonic() + left > until:
                seconds = math.ceil(left)
                raise ProviderUnavailable(
                    f"The model provider asked not to be asked for {seconds} s. Wait, or ask it for a higher limit.",
                    retry_after_s=seconds,
                )
            time.sleep(left)

    def _create(self, batch: list[str]) -> tuple[list[list[float]], int]:
        dimensions = self.dimensions if self._sends_dimensions else openai.omit
        try:
            response = self._client.embeddings.create(model=self._model, input=batch, dimensions=dimensions)
            rows = [item.embedding for item in sorted(response.data, key=lambda item: item.index)]
            return rows, _tokens(response, batch)
        # The client reads what it gets without checking it, and trips over anything but the protocol.
        except (AttributeError, TypeError, ValueError) as error:
            raise _garbage("something else than embeddings") from error

    def _checked(self, rows: list[list[float]], count: int) -> NDArray[np.float32]:
        """Return the rows scaled to length 1."""
        if len(rows) != count:
            raise _garbage(f"{len(rows)} vectors for {count} texts")
        try:
            vectors = np.array(rows, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise _garbage("vectors of different sizes") from error
        if vectors.ndim != 2 or vectors.shape[1] != self.dimensions:
            size = vectors.shape[1] if vectors.ndim == 2 else 0
            raise _garbage(f"vectors of {size} numbers instead of {self.dimensions} (set RAG_ASK_EMBEDDING_DIMENSIONS)")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise _garbage("vectors that have no direction")
        return np.asarray(vectors / lengths, dtype=np.float32)


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Split texts into requests that the API takes."""
    batch: list[str] = []
    size = 0
    for text in texts:
        length = len(text.encode())
        if batch and (len(batch) == MAX_INPUTS or size + length > MAX_REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += length
    if batch:
        yield batch


def _acceptable(text: str) -> str:
    """Cut a text to the API's limit; an empty one, which it refuses, becomes a space."""
    return text.encode("utf-8", "replace")[:MAX_INPUT_BYTES].decode("utf-8", "ignore") or " "


def _tokens(response: CreateEmbeddingResponse, batch: list[str]) -> int:
    """As the provider counted them; the usual four characters a token where it does not count."""
    counted = getattr(getattr(response, "usage", None), "total_tokens", None)
    return counted if isinstance(counted, int) and counted > 0 else sum(map(len, batch)) // 4 + 1


def _garbage(what: str) -> ProviderUnavailable:
    return ProviderUnavailable(f"The embedding provider sent {what}. Check OPENAI_BASE_URL and the model's name.")
