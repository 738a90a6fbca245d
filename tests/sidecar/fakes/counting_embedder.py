"""The local embedder, with a count of the texts and failures on demand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fakes.wordpress import EMBEDDER
from rag_ask.errors import ProviderRejected


class CountingEmbedder:
    """error: raised at every call; poison: a word that the provider refuses."""

    name, dimensions = EMBEDDER.name, EMBEDDER.dimensions

    def __init__(self, error: Exception | None = None, poison: str = "") -> None:
        self.texts: list[str] = []
        self.error, self.poison = error, poison

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        if self.error:
            raise self.error
        if self.poison and any(self.poison in text for text in texts):
            raise ProviderRejected("The provider refused a text.")
        return EMBEDDER.embed(texts)
