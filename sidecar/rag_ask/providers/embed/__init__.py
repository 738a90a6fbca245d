"""Embedders: texts in, unit vectors out. One file a provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors of one space.

    `name` is written beside every stored vector (`provider/model/dimensions`), so that two spaces never mix.
    """

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions), rows of length 1.

        Raises ProviderUnavailable when a later try may succeed, ProviderRejected when it will not.
        """
        ...


@runtime_checkable
class PaidEmbedder(Embedder, Protocol):
    """An embedder that is paid by the token. price_usd: for a million of them."""

    price_usd: float

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], int]:
        """As embed(), and how many tokens the texts were."""
        ...


@runtime_checkable
class AsymmetricEmbedder(Embedder, Protocol):
    """An embedder that reads questions otherwise than passages.

    cosine_floor: where its cosines begin: that of two texts that have nothing in common.
    """

    cosine_floor: float

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As embed(), for what visitors ask."""
        ...
