"""The local embedder: all-MiniLM-L6-v2 as an int8 ONNX file, on the CPU. Needs no key."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed.tokens import MODEL_DIR, load_tokenizer

MAX_TOKENS = 256


class LocalEmbedder:
    """Embeds in this process. Safe to share between threads; loads the model at the first text.

    Loading late matters under a server that forks: onnxruntime's threads do not survive a fork, and a process that
    only inherited them aborts when it ends.
    """

    name = "local/all-MiniLM-L6-v2-int8/384"
    dimensions = 384

    def __init__(self, threads: int | None = None) -> None:
        """Use `threads` processor threads for one text; by default all cores, at most four."""
        self._threads = threads or min(4, os.cpu_count() or 1)
        self._tokenizer = load_tokenizer()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session: Any = None
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), 384). Only the first 256 tokens of a text count."""
        session = self._load()
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # One text a run: int8 activations are scaled over the whole input, so in a batch a text's vector
        # would depend on its neighbours (cosine down to .988). Runs of one are as fast and need less memory.
        for row, encoding in enumerate(self._tokenizer.encode_batch_fast(list(texts))):
            ids = np.array([encoding.ids], dtype=np.int64)
            vectors[row] = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        return vectors

    def _load(self) -> Any:
        with self._loading:
            if self._session is None:
                self._session = _open_session(self._threads)
            return self._session


def _open_session(threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Idle threads would otherwise spin on cores that Postgres and the other process need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Errors only: it warns about graphics cards that it cannot find.
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(MODEL_DIR / "model.onnx", options, providers=["CPUExecutionProvider"])
