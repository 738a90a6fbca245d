"""Tokenizers of the local models: a text -> token ids, framed and cut as the model wants them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from rag_ask.providers.embed import files


class Tokenizer(Protocol):
    """Encodes one text. Safe to share between threads."""

    def encode(self, text: str) -> list[int]:
        """The ids with those that frame them, cut to what the model reads."""
        ...


class _SentencePiece:
    """The tokenizer of XLM-R in a tenth of the memory that `tokenizers` takes for its 250,000 pieces."""

    def __init__(self, path: Path, max_tokens: int) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self._most = max_tokens - 2

    def encode(self, text: str) -> list[int]:
        ids = self._processor.encode(text)[: self._most]
        return [self._processor.bos_id(), *ids, self._processor.eos_id()]


class _TokenizersFile:
    def __init__(self, path: Path, max_tokens: int) -> None:
        import tokenizers

        self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids


def load(folder: Path, max_tokens: int) -> Tokenizer:
    """The tokenizer of a model's folder. Raises ModelMissing."""
    pieces = folder / "sentencepiece.model"
    if pieces.exists():
        return _SentencePiece(pieces, max_tokens)
    return _TokenizersFile(files.find(folder, "tokenizer.json"), max_tokens)
