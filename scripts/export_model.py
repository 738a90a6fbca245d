"""Write all-MiniLM-L6-v2 as an int8 ONNX file with pooling inside. Run by `scripts/export-model`.

The graph is BERT (https://arxiv.org/abs/1810.04805, post-norm, exact GELU) followed by what
sentence-transformers does to it: the mean of the token states under the attention mask, scaled to length 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, WIDTH, MAX_TOKENS = 6, 12, 384, 256
OPSET, IR_VERSION = 17, 8

NOTICE = f"""all-MiniLM-L6-v2
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
Licensed under the Apache License, Version 2.0; see LICENSE in this folder.

model.onnx was made from the published weights (model.safetensors, SHA-256
{WEIGHTS_SHA256})
by scripts/export-model: converted to ONNX with mean pooling and normalisation inside the graph, then
quantized to 8-bit integers. tokenizer.json is the published one without its padding and truncation settings.
"""


class Graph:
    """Collects nodes and constants; every method returns the name of its output."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
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
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, np.float32))


def embeddings(g: Graph) -> str:
    """Word + position + (always the first) token type, normalised."""
    # Every input is one segment, so its token type vector is folded into the positions.
    positions = g.weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    positions = positions + g.weights["embeddings.token_type_embeddings.weight"][0]
    words = g.op("Gather", g.weight("embeddings.word_embeddings.weight"), "input_ids")
    length = g.op("Shape", "input_ids", start=1, end=2)
    start, axis = g.constant("zero", np.array([0], np.int64)), g.constant("axis_0", np.array([0], np.int64))
    here = g.op("Slice", g.constant("positions", positions), start, length, axis)
    return g.norm(g.op("Add", words, here), "embeddings.LayerNorm")


def attention(g: Graph, x: str, mask: str, layer: str) -> str:
    """Multi-head self-attention and its residual."""
    size = WIDTH // HEADS

    def split(name: str, order: list[int]) -> str:
        projected = g.linear(x, f"{layer}.attention.self.{name}")
        return g.op("Transpose", g.op("Reshape", projected, g.shape(0, 0, HEADS, size)), perm=order)

    query, value = split("query", [0, 2, 1, 3]), split("value", [0, 2, 1, 3])
    key_transposed = split("key", [0, 2, 3, 1])
    scores = g.op("Div", g.op("MatMul", query, key_transposed), g.scalar("sqrt_head_size", size**0.5))
    weights = g.op("Softmax", g.op("Add", scores, mask), axis=-1)
    mixed = g.op("Transpose", g.op("MatMul", weights, value), perm=[0, 2, 1, 3])
    joined = g.op("Reshape", mixed, g.shape(0, 0, WIDTH))
    output = g.linear(joined, f"{layer}.attention.output.dense")
    return g.norm(g.op("Add", output, x), f"{layer}.attention.output.LayerNorm")


def feed_forward(g: Graph, x: str, layer: str) -> str:
    """Dense, GELU, dense, and the residual."""
    hidden = g.linear(x, f"{layer}.intermediate.dense")
    erf = g.op("Erf", g.op("Div", hidden, g.scalar("sqrt_2", 2**0.5)))
    gelu = g.op("Mul", g.op("Mul", hidden, g.op("Add", erf, g.scalar("one", 1.0))), g.scalar("half", 0.5))
    output = g.linear(gelu, f"{layer}.output.dense")
    return g.norm(g.op("Add", output, x), f"{layer}.output.LayerNorm")


def pool(g: Graph, states: str, mask: str) -> str:
    """The mean of the real tokens, scaled to length 1. mask: float (batch, tokens)."""
    token_axis = g.constant("axis_1", np.array([1], np.int64))
    weights = g.op("Unsqueeze", mask, g.constant("axis_2", np.array([2], np.int64)))
    total = g.op("ReduceSum", g.op("Mul", states, weights), token_axis, keepdims=0)
    mean = g.op("Div", total, g.op("ReduceSum", weights, token_axis, keepdims=0))
    length = g.op("ReduceL2", mean, axes=[1], keepdims=1)
    return g.op("Div", mean, length, output="embedding")


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The whole model: (input_ids, attention_mask), int64 (batch, tokens) -> embedding (batch, 384)."""
    g = Graph(weights)
    mask = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.op("Mul", g.op("Sub", g.scalar("one", 1.0), mask), g.scalar("minus_infinity", -10000.0))
    additive = g.op("Unsqueeze", hidden, g.constant("axes_1_2", np.array([1, 2], np.int64)))
    x = embeddings(g)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        x = feed_forward(g, attention(g, x, additive, layer), layer)
    pool(g, x, mask)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    graph = helper.make_graph(g.nodes, "all-MiniLM-L6-v2", inputs, outputs, list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model


def embed(model: Path, tokenizer: Tokenizer, text: str) -> np.ndarray:
    """One text through one ONNX file."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    encoding = tokenizer.encode(text)
    inputs = {"input_ids": [encoding.ids], "attention_mask": [encoding.attention_mask]}
    return session.run(None, {name: np.array(value, np.int64) for name, value in inputs.items()})[0][0]


def write_tokenizer(source: Path, target: Path) -> Tokenizer:
    """Write the published tokenizer without its padding and cutting (at 128); return one that cuts at 256."""
    settings = json.loads(source.read_text()) | {"truncation": None, "padding": None}
    target.write_text(json.dumps(settings, ensure_ascii=False) + "\n")
    tokenizer = Tokenizer.from_file(str(target))
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def write_model(weights: Path, target: Path, tokenizer: Tokenizer, texts: list[str]) -> list[np.ndarray]:
    """Write the quantized model, print how near it is to the exact one; return the exact one's vectors."""
    with tempfile.TemporaryDirectory() as work:
        exact = Path(work) / "fp32.onnx"
        onnx.save(build(load_file(weights)), exact)
        # Reduced range costs nothing measurable and stays right on processors without VNNI, whose int8
        # instructions overflow at full range.
        quantize_dynamic(exact, target, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
        references = [embed(exact, tokenizer, text) for text in texts]
    quantized = [embed(target, tokenizer, text) for text in texts]
    cosines = [float(a @ b) for a, b in zip(quantized, references, strict=True)]
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, SHA-256 {digest}")
    print(f"cosine with the unquantized graph: mean {np.mean(cosines):.4f}, worst {min(cosines):.4f}")
    return references


def write_references(target: Path, texts: list[str], vectors: list[np.ndarray]) -> None:
    """Write texts and their vectors, one a line."""
    rows = [
        json.dumps({"text": text, "vector": np.round(vector.astype(float), 5).tolist()}, ensure_ascii=False)
        for text, vector in zip(texts, vectors, strict=True)
    ]
    target.write_text("[\n" + ",\n".join(rows) + "\n]\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("weights", "model", "references"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    paths = parser.parse_args()

    weights = paths.weights / "model.safetensors"
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{weights} is not the pinned file: SHA-256 {found}, expected {WEIGHTS_SHA256}")

    paths.model.mkdir(parents=True, exist_ok=True)
    (paths.model / "NOTICE").write_text(NOTICE)
    tokenizer = write_tokenizer(paths.weights / "tokenizer.json", paths.model / "tokenizer.json")
    # The texts stay those that lie in the file of references; only their vectors are made anew.
    texts = [reference["text"] for reference in json.loads(paths.references.read_text())]
    vectors = write_model(weights, paths.model / "model.onnx", tokenizer, texts)
    write_references(paths.references, texts, vectors)


if __name__ == "__main__":
    main()
