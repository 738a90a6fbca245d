"""Local embedders: a folder with an ONNX file and its tokenizer, on the CPU. They need no key."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed import files, tokenizer
from rag_ask.providers.embed.pooling import POOLINGS
from rag_ask.providers.embed.spec import E5_SMALL, ModelSpec
from rag_ask.providers.embed.word_table import WordTable

WORDS = "words.npy"


class LocalEmbedder:
    """Embeds in this process. Safe to share between threads; loads the model at the first text.

    Loading late matters under a server that forks: onnxruntime's threads do not survive a fork, and a process that
    only inherited them aborts when it ends.
    """

    def __init__(self, spec: ModelSpec, folder: Path, threads: int | None = None) -> None:
        """Use `threads` processor threads for one text; by default all cores, at most four."""
        self.spec = spec
        self.name, self.dimensions, self.cosine_floor = spec.name, spec.dimensions, spec.cosine_floor
        self.folder = folder
        self._threads = threads or min(4, os.cpu_count() or 1)
        self._model: _Model | None = None
        self._loading = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimensions). Only the first tokens of a text count.

        Raises ModelMissing when the model's files are not there.
        """
        return self._embed(self.spec.passage_prefix, texts)

    def embed_questions(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As embed(), for what visitors ask."""
        return self._embed(self.spec.question_prefix, texts)

    def check_files(self) -> None:
        """Raises ModelMissing when files are missing, or not of the size that they were written with."""
        if (self.folder / files.MANIFEST).exists() or self.spec == E5_SMALL:
            files.check(self.folder)

    def _embed(self, prefix: str, texts: Sequence[str]) -> NDArray[np.float32]:
        model = self._loaded()
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # One text a run: int8 activations are scaled over the whole input, so in a batch a text's vector
        # would depend on its neighbours (cosine down to .988). Runs of one are as fast and need less memory.
        for row, text in enumerate(texts):
            vectors[row] = model.vector(prefix + text)
        return vectors

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                self.check_files()
                self._model = _Model(self.spec, self.folder, self._threads)
            return self._model


class _Model:
    """A model in memory."""

    def __init__(self, spec: ModelSpec, folder: Path, threads: int) -> None:
        self._pool = POOLINGS[spec.pooling]
        self._tokenizer = tokenizer.load(folder, spec.max_tokens)
        self._words = WordTable(folder / WORDS) if (folder / WORDS).exists() else None
        self._session = _open_session(files.find(folder, "model.onnx"), threads)
        self._inputs = [given.name for given in self._session.get_inputs()]

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of one text, of length 1."""
        # A lone surrogate, which JSON can carry, is no character that a tokenizer takes.
        ids = self._tokenizer.encode(text.encode("utf-8", "replace").decode())
        given = {name: self._input(name, ids) for name in self._inputs}
        vector = self._pool(self._session.run(None, given)[0][0])
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def _input(self, name: str, ids: list[int]) -> NDArray[Any]:
        if name == "words" and self._words:
            return self._words.rows(ids)[None]
        if name == "input_ids":
            return np.array([ids], dtype=np.int64)
        # One text has no padding and one segment.
        return np.full((1, len(ids)), int(name == "attention_mask"), dtype=np.int64)


def _open_session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Idle threads would otherwise spin on cores that Postgres and the other process need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Errors only: it warns about graphics cards that it cannot find.
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
