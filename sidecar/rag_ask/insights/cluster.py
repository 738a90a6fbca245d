"""Cluster: vectors of questions -> groups of the same question. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed.spec import E5_SMALL

# On 47 labelled wordings of 15 questions (tests/sidecar/data/paraphrases.json) no group mixes two questions from .55
# on with MiniLM, from .901 on with multilingual-e5-small. Another embedder's cosines spread otherwise: smaller groups,
# or larger ones.
SAME = 0.6
_SAME_BY_EMBEDDER = {E5_SMALL.name: 0.904}


def same_from(embedder: str) -> float:
    """The cosine from which on two wordings ask the same, by the embedder of this name."""
    return _SAME_BY_EMBEDDER.get(embedder, SAME)


def clusters(vectors: Sequence[NDArray[np.float32]], same: float = SAME) -> list[list[int]]:
    """Groups of indexes, each led by its first. One after the other joins the nearest leader whose cosine is at least
    `same`, or leads a group of its own; the order alone decides, so the same input gives the same groups.
    """
    groups: list[list[int]] = []
    leaders: list[NDArray[np.float32]] = []
    for index, vector in enumerate(vectors):
        unit = vector / (np.linalg.norm(vector) or 1.0)
        if leaders:
            cosines = np.array(leaders) @ unit
            nearest = int(cosines.argmax())
            if cosines[nearest] >= same:
                groups[nearest].append(index)
                continue
        groups.append([index])
        leaders.append(unit)
    return groups
