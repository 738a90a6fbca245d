"""Pooling: token states of one text, shape (tokens, dimensions) -> its vector. As sentence-transformers names them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

# '': the graph pools, so what it returns is the vector.
POOLINGS: dict[str, Callable[[Vector], Vector]] = {
    "": lambda vector: vector,
    "cls": lambda states: np.asarray(states[0]),
    "mean": lambda states: np.asarray(states.mean(axis=0)),
    "max": lambda states: np.asarray(states.max(axis=0)),
    "lasttoken": lambda states: np.asarray(states[-1]),
}
