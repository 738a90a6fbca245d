"""BERT as an ONNX graph that returns embeddings: weights -> graph, and its int8 file.

https://arxiv.org/abs/1810.04805 (post-norm, exact GELU), followed by what sentence-transformers does to it: the mean of
the token states under the attention mask, scaled to length 1.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET, IR_VERSION = 17, 8


@dataclass(frozen=True)
class Sizes:
    """The sizes of a model. maps_words: the embeddings of tokens are an input, looked up outside the graph."""

    layers: int
    heads: int
    width: int
    max_tokens: int
    epsilon: float = 1e-12
    maps_words: bool = False


class _Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], sizes: Sizes) -> None:
        self.weights = weights
        self.sizes = sizes
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def shape(self, *sizes: int) -> str:
        return self.constant("shape_" + "_".join(map(str, sizes)), np.array(sizes, np.int64))

    def linear(self, x: str, name: str) -> str:
        # torch keeps (out, in); MatMul wants (in, out).
        kernel = self.constant(f"{name}.kernel", self.weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", x, kernel), self.weight(f"{name}.bias"))

    def norm(self, x: str, name: str) -> str:
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=self.sizes.epsilon)

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, np.float32))


def _embeddings(g: _Graph) -> str:
    """Word + position + (always the first) token type, normalised."""
    # Every input is one segment, so its token type vector is folded into the positions.
    positions = g.weights["embeddings.position_embeddings.weight"][: g.sizes.max_tokens]
    positions = positions + g.weights["embeddings.token_type_embeddings.weight"][0]
    if g.sizes.maps_words:
        words = "words"
    else:
        words = g.op("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids")
    length = g.op("Shape", "words" if g.sizes.maps_words else "input_ids", start=1, end=2)
    start, axis = g.constant("zero", np.array([0], np.int64)), g.constant("axis_0", np.array([0], np.int64))
    here = g.op("Slice", g.constant("positions", positions), start, length, axis)
    return g.norm(g.op("Add", words, here), "embeddings.LayerNorm")


def _attention(g: _Graph, x: str, mask: str, layer: str) -> str:
    """Multi-head self-attention and its residual."""
    heads, width = g.sizes.heads, g.sizes.width
    size = width // heads

    def split(name: str, order: list[int]) -> str:
        projected = g.linear(x, f"{layer}.attention.self.{name}")
        return g.op("Transpose", g.op("Reshape", projected, g.shape(0, 0, heads, size)), perm=order)

    query, value = split("query", [0, 2, 1, 3]), split("value", [0, 2, 1, 3])
    key_transposed = split("key", [0, 2, 3, 1])
    scores = g.op("Div", g.op("MatMul", query, key_transposed), g.scalar("sqrt_head_size", size**0.5))
    weights = g.op("Softmax", g.op("Add", scores, mask), axis=-1)
    mixed = g.op("Transpose", g.op("MatMul", weights, value), perm=[0, 2, 1, 3])
    joined = g.op("Reshape", mixed, g.shape(0, 0, width))
    output = g.linear(joined, f"{layer}.attention.output.dense")
    return g.norm(g.op("Add", output, x), f"{layer}.attention.output.LayerNorm")


def _feed_forward(g: _Graph, x: str, layer: str) -> str:
    """Dense, GELU, dense, and the residual."""
    hidden = g.linear(x, f"{layer}.intermediate.dense")
    erf = g.op("Erf", g.op("Div", hidden, g.scalar("sqrt_2", 2**0.5)))
    gelu = g.op("Mul", g.op("Mul", hidden, g.op("Add", erf, g.scalar("one", 1.0))), g.scalar("half", 0.5))
    output = g.linear(gelu, f"{layer}.output.dense")
    return g.norm(g.op("Add", output, x), f"{layer}.output.LayerNorm")


def _pool(g: _Graph, states: str, mask: str) -> None:
    """The mean of the real tokens, scaled to length 1. mask: float (batch, tokens)."""
    token_axis = g.constant("axis_1", np.array([1], np.int64))
    weights = g.op("Unsqueeze", mask, g.constant("axis_2", np.array([2], np.int64)))
    total = g.op("ReduceSum", g.op("Mul", states, weights), token_axis, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", weights, token_axis, keepdims=0))
    length = g.op("ReduceL2", mean, axes=[1], keepdims=1)
    g.op("Div", mean, length, output="embedding")


def build(name: str, sizes: Sizes, weights: Mapping[str, NDArray[np.float32]]) -> Any:
    """The whole model: input_ids (or words, float32 (batch, tokens, width)) and attention_mask, int64 (batch, tokens)
    -> embedding, float32 (batch, width)."""
    g = _Graph(weights, sizes)
    mask = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.op("Mul", g.op("Sub", g.scalar("one", 1.0), mask), g.scalar("minus_infinity", -10000.0))
    additive = g.op("Unsqueeze", hidden, g.constant("axes_1_2", np.array([1, 2], np.int64)))
    x = _embeddings(g)
    for number in range(sizes.layers):
        layer = f"encoder.layer.{number}"
        x = _feed_forward(g, _attention(g, x, additive, layer), layer)
    _pool(g, x, mask)
    tokens = ["batch", "tokens"]
    mask_input = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, tokens)
    if sizes.maps_words:
        first = helper.make_tensor_value_info("words", TensorProto.FLOAT, [*tokens, sizes.width])
    else:
        first = helper.make_tensor_value_info("input_ids", TensorProto.INT64, tokens)
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", sizes.width])]
    graph = helper.make_graph(g.nodes, name, [first, mask_input], outputs, list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model


def write_int8(exact: Path, target: Path) -> None:
    """Quantize an ONNX file per channel.

    Reduced range costs nothing measurable and stays right on processors without VNNI, whose int8 instructions overflow
    at full range.
    """
    # It recommends a step that changes nothing here.
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(exact, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    finally:
        logging.disable(logging.NOTSET)
