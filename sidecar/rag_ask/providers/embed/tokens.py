"""The bundled MiniLM tokenizer. It measures chunks, whichever embedder is in use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer

MODEL_DIR = Path(__file__).parent / "model"


def load_tokenizer() -> Tokenizer:
    """Return a new tokenizer that neither pads nor cuts; the caller may change that on its own copy."""
    return Tokenizer.from_file(str(MODEL_DIR / "tokenizer.json"))


@cache
def _shared_tokenizer() -> Tokenizer:
    return load_tokenizer()


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return the number of tokens of each text, uncut, without the two that frame it for the model."""
    encodings = _shared_tokenizer().encode_batch_fast(list(texts), add_special_tokens=False)
    return [len(encoding) for encoding in encodings]
