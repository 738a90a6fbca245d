"""Write the language centres of the default embedder: the mean vector of its generic questions in each language."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

from rag_ask.providers.embed import files, question_language
from rag_ask.providers.embed.local import LocalEmbedder
from rag_ask.providers.embed.spec import E5_SMALL


def main() -> None:
    embedder = LocalEmbedder(E5_SMALL, Path(os.environ["RAG_ASK_MODELS_DIR"]) / files.E5_SMALL)
    questions = json.loads((question_language.FOLDER / "questions.json").read_text(encoding="utf-8"))
    centres = {code: embedder.embed_questions(asked).mean(axis=0) for code, asked in questions.items()}
    target = question_language.FOLDER / question_language.FILES[E5_SMALL.name]
    np.savez_compressed(target, **{code: centre.astype(np.float16) for code, centre in centres.items()})


if __name__ == "__main__":
    main()
