"""The tokenizer of XLM-R as a SentencePiece model of the pieces that a model knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

# Its classes are made when it is imported.
schema: Any = sentencepiece_model_pb2
# XLM-R's first pieces, and what SentencePiece calls their kinds.
CONTROL = ("<s>", "<pad>", "</s>")
UNKNOWN = "<unk>"


def serialized(pieces: Sequence[tuple[str, float]]) -> bytes:
    """The file of these pieces, each with its score; their order is that of their ids."""
    model = schema.ModelProto()
    kinds = dict.fromkeys(CONTROL, schema.ModelProto.SentencePiece.CONTROL)
    kinds[UNKNOWN] = schema.ModelProto.SentencePiece.UNKNOWN
    for piece, score in pieces:
        model.pieces.add(piece=piece, score=score, type=kinds.get(piece, schema.ModelProto.SentencePiece.NORMAL))
    trainer = model.trainer_spec
    trainer.model_type, trainer.vocab_size = schema.TrainerSpec.UNIGRAM, len(model.pieces)
    ids = {piece: number for number, (piece, _) in enumerate(pieces[:4])}
    trainer.bos_id, trainer.pad_id, trainer.eos_id = (ids[piece] for piece in CONTROL)
    trainer.unk_id = ids[UNKNOWN]
    # XLM-R was trained with the library's own rules.
    rules = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_normalizer_spec()
    model.normalizer_spec.ParseFromString(rules)
    model.normalizer_spec.add_dummy_prefix = True
    model.normalizer_spec.remove_extra_whitespaces = True
    model.normalizer_spec.escape_whitespaces = True
    return bytes(model.SerializeToString())
