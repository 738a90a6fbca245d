"""Questions: embedded as the embedder wants them, and cosines on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed import AsymmetricEmbedder, Embedder


def embed_questions(embedder: Embedder, questions: Sequence[str]) -> NDArray[np.float32]:
    """As Embedder.embed, for what visitors ask."""
    if isinstance(embedder, AsymmetricEmbedder):
        return embedder.embed_questions(questions)
    return embedder.embed(questions)


def cosine_floor(embedder: Embedder) -> float:
    """The cosine of two texts that have nothing in common."""
    # Whether it is an AsymmetricEmbedder takes longer to find out.
    floor: float = getattr(embedder, "cosine_floor", 0.0)
    return floor
