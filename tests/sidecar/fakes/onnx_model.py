"""A tiny model in the form of sentence-transformers: each word has a fixed state, by its place in the vocabulary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WORDS = ("[UNK]", "bread", "butter", "ask:", "tell:")
STATES = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [3, 0, 0], [0, 3, 0]], np.float32)


def write(folder: Path, **files: Any) -> Path:
    """Write the model; each keyword is a JSON file beside it, `__` for `/`, None for none."""
    (folder / "onnx").mkdir(parents=True)
    tokens = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "tokens"])
    states = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 3])
    look_up = helper.make_node("Gather", ["states", "input_ids"], ["last_hidden_state"])
    graph = helper.make_graph(
        [look_up], "tiny", [tokens, mask], [states], [numpy_helper.from_array(STATES, "states")]
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "onnx" / "model.onnx")
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "model": {"type": "WordLevel", "vocab": {word: n for n, word in enumerate(WORDS)}, "unk_token": "[UNK]"},
    }
    written = {
        "tokenizer": tokenizer,
        "config": {"hidden_size": 3, "max_position_embeddings": 8},
        "1_Pooling__config": {"word_embedding_dimension": 3, "pooling_mode_mean_tokens": True},
    } | files
    for name, content in written.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            path.write_text(json.dumps(content))
    return folder
