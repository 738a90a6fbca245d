"""A second opinion of a local groundedness model: token classification in ONNX, as TinyLettuce and LettuceDetect.

The folder holds `model.onnx` and `tokenizer.json`. The model reads a prompt with the passages and
then the sentence, and tells for each token of the sentence how likely it is made up (class 1).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from rag_ask.providers.second_opinion import MAX_CLAIMS, Claim

MAX_TOKENS = 4096
# So many are fewer tokens than that in every script.
MAX_CLAIM_CHARACTERS = 1_000
# A sentence is supported when no token of it is more likely made up than not.
MADE_UP = 0.5
# What LettuceDetect's models were trained with.
_PROMPT = """Briefly answer the following question:
{question}
Bear in mind that your response should be strictly based on the following {count} passages:
{passages}
In case the passages do not contain the necessary information to answer the question, please reply with: \
"Unable to answer based on given passages."
output:"""


class OnnxOpinion:
    """Judges in this process; loads its model at the first claim, for onnxruntime's threads do not survive a fork."""

    def __init__(self, folder: Path) -> None:
        self.name = f"onnx/{folder.name}"
        self._folder = folder
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Tokenizer] | None = None

    def judge(self, site_id: str, question: str, claims: Sequence[Claim]) -> list[bool | None]:
        """See SecondOpinion."""
        judged: list[bool | None] = [self._is_supported(question, claim) for claim in claims[:MAX_CLAIMS]]
        return judged + [None] * (len(claims) - len(judged))

    def _is_supported(self, question: str, claim: Claim) -> bool:
        session, tokenizer = self._load()
        passages = "\n".join(
            f"passage {number}: {' '.join([one.title, *one.heading_path, one.text])}"
            for number, one in enumerate(claim.passages, start=1)
        )
        told = _PROMPT.format(question=question, count=len(claim.passages), passages=passages)
        encoding = tokenizer.encode(told, claim.sentence[:MAX_CLAIM_CHARACTERS])
        ids = np.array([encoding.ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        names = {one.name for one in session.get_inputs()}
        logits = session.run(None, {name: value for name, value in fed.items() if name in names})[0][0]
        own = [at for at, sequence in enumerate(encoding.sequence_ids) if sequence == 1]
        # The softmax of two classes.
        made_up = 1 / (1 + np.exp(logits[own, 0] - logits[own, 1]))
        return bool((made_up < MADE_UP).all())

    def _load(self) -> tuple[Any, Tokenizer]:
        with self._loading:
            if self._loaded is None:
                self._loaded = _open(self._folder)
            return self._loaded


def _open(folder: Path) -> tuple[Any, Tokenizer]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(4, os.cpu_count() or 1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # The sentence is kept whole.
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_first")
    return onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"]), tokenizer
