"""Write all-MiniLM-L6-v2 as an int8 ONNX file with pooling inside. Run by `scripts/export-model`.

`rag_ask/model_files/bert_graph.py` has the graph, and says what is in it.
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
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rag_ask.model_files import bert_graph

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
SIZES = bert_graph.Sizes(layers=6, heads=12, width=384, max_tokens=MAX_TOKENS)

NOTICE = f"""all-MiniLM-L6-v2
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
Licensed under the Apache License, Version 2.0; see LICENSE in this folder.

model.onnx was made from the published weights (model.safetensors, SHA-256
{WEIGHTS_SHA256})
by scripts/export-model: converted to ONNX with mean pooling and normalisation inside the graph, then
quantized to 8-bit integers. tokenizer.json is the published one without its padding and truncation settings.
"""


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
        onnx.save(bert_graph.build("all-MiniLM-L6-v2", SIZES, load_file(weights)), exact)
        bert_graph.write_int8(exact, target)
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
