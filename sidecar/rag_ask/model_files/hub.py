"""A model as its makers publish it on a model hub: the files of sentence-transformers with their ONNX file."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from rag_ask.errors import ModelNotFetched
from rag_ask.providers.embed import onnx_folder

NEEDED = ("onnx/model.onnx", "tokenizer.json", "1_Pooling/config.json")
OPTIONAL = (
    "config.json",
    "modules.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    # Large ONNX files keep their weights beside them.
    "onnx/model.onnx_data",
)
TIMEOUT_S = 30
# The page of these models names the prefixes, their files do not.
OWN_FILES = {
    "intfloat/multilingual-e5-": {"question_prefix": "query: ", "passage_prefix": "passage: ", "cosine_floor": 0.7},
    "intfloat/e5-": {"question_prefix": "query: ", "passage_prefix": "passage: ", "cosine_floor": 0.7},
}


def fetch(repository: str, folder: Path) -> None:
    """Download the model's files into the folder. RAG_ASK_HUB_URL names a hub, else HF_ENDPOINT, else
    huggingface.co. Raises ModelNotFetched."""
    try:
        import huggingface_hub
        from huggingface_hub.errors import EntryNotFoundError
    except ImportError as error:
        raise ModelNotFetched("huggingface-hub is not installed. Install: pip install 'rag-ask[models]'") from error
    endpoint = os.environ.get("RAG_ASK_HUB_URL", "").rstrip("/") or None
    for name in (*NEEDED, *OPTIONAL):
        try:
            huggingface_hub.hf_hub_download(
                repository, name, local_dir=folder, endpoint=endpoint, etag_timeout=TIMEOUT_S, token=False
            )
        except EntryNotFoundError as error:
            if name in NEEDED:
                raise ModelNotFetched(f"{repository} has no {name}") from error
        # The library raises errors of its own, of its HTTP client and of the system.
        except Exception as error:
            raise ModelNotFetched(
                f"{repository}: {name} was not downloaded ({type(error).__name__}: {error})"
            ) from error
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    own = next((found for start, found in OWN_FILES.items() if repository.startswith(start)), None)
    if own:
        (folder / onnx_folder.OWN_FILE).write_text(json.dumps(own, indent=2) + "\n", encoding="utf-8")
