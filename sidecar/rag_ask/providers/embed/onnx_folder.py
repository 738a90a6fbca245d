"""A folder of sentence-transformers with an ONNX file -> how the model is used.

Its own files say it: pooling, prompts, the longest text. `embedder.json` in the folder wins over them, for models that
name their prefixes on their page only.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from rag_ask.errors import ModelMissing
from rag_ask.providers.embed import files
from rag_ask.providers.embed.pooling import POOLINGS
from rag_ask.providers.embed.spec import ModelSpec

OWN_FILE = "embedder.json"
OWN_NAMES = ("question_prefix", "passage_prefix", "pooling", "max_tokens", "cosine_floor")
# What the ONNX file would have to be followed by, and is not here.
FURTHER_MODULES = ("Dense", "CNN", "LSTM", "WeightedLayerPooling")


def spec_of(folder: Path) -> ModelSpec:
    """Read the folder. Raises ModelMissing when it is not such a folder, or needs what is not supported."""
    model = files.find(folder, "model.onnx")
    files.find(folder, "tokenizer.json")
    pooling, config = _read(folder / "1_Pooling/config.json"), _read(folder / "config.json")
    modules = json.dumps(_read(folder / "modules.json"))
    if further := [name for name in FURTHER_MODULES if f".{name}" in modules]:
        raise ModelMissing(folder, f"it has a module {further[0]}, which is not supported")
    prompts = _read(folder / "config_sentence_transformers.json").get("prompts", {})
    found = {
        "question_prefix": prompts.get("query", ""),
        "passage_prefix": prompts.get("passage", prompts.get("document", "")),
        "pooling": _pooling(pooling),
        "max_tokens": _read(folder / "sentence_bert_config.json").get("max_seq_length")
        or config.get("max_position_embeddings", 512),
        "cosine_floor": 0.0,
    }
    own = _read(folder / OWN_FILE)
    if unknown := own.keys() - set(OWN_NAMES):
        raise ModelMissing(folder, f"{OWN_FILE} has {min(unknown)!r}; it may have {', '.join(OWN_NAMES)}")
    found |= own
    dimensions = pooling.get("word_embedding_dimension") or config.get("hidden_size")
    names = ", ".join(filter(None, POOLINGS))
    if not dimensions or found["pooling"] not in POOLINGS:
        raise ModelMissing(folder, f"it does not say how to pool; write {OWN_FILE} with a pooling of {names}")
    # Its vectors are another space as soon as any of this changes.
    used = files.sha256_of(model) + json.dumps(found, sort_keys=True)
    digest = hashlib.sha256(used.encode()).hexdigest()[:8]
    label = re.sub(r"[^\w.-]+", "-", folder.resolve().name)
    return ModelSpec(name=f"onnx/{label}-{digest}/{dimensions}", dimensions=dimensions, **found)


def _pooling(config: dict[str, Any]) -> str:
    """The one mode that is switched on, under either of the names that sentence-transformers gave it."""
    if "pooling_mode" in config:
        return str(config["pooling_mode"])
    names = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean", "pooling_mode_max_tokens": "max"}
    names |= {"pooling_mode_lasttoken": "lasttoken"}
    on = [names.get(key, key) for key, value in config.items() if key.startswith("pooling_mode_") and value is True]
    return on[0] if len(on) == 1 else "unknown"


def _read(path: Path) -> Any:
    if not path.exists():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelMissing(path.parent, f"{path.name} cannot be read") from error
