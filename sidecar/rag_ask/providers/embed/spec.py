"""What is known of a local model beside its files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """How a model is used. name: of its space, `provider/model/dimensions`.

    question_prefix, passage_prefix: what the model was trained to see before its texts. pooling: how token states
    become one vector, '' where the graph does it. cosine_floor: the cosine of two texts that have nothing in common.
    """

    name: str
    dimensions: int
    max_tokens: int
    question_prefix: str = ""
    passage_prefix: str = ""
    pooling: str = ""
    cosine_floor: float = 0.0


E5_SMALL = ModelSpec(
    "local/multilingual-e5-small-int8/384", 384, 512, "query: ", "passage: ", cosine_floor=0.7
)  # fmt: skip
MINILM = ModelSpec("local/all-MiniLM-L6-v2-int8/384", 384, 256)
