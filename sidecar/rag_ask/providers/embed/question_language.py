"""Question language: read from a question's vector, and replaced in it by the language of the pages.

A multilingual embedder writes the language of a text into its vector, and texts of a language lie around a centre.
Passages that are near the centre of the question's language, as what an English page says of China, come before those
that answer. Moving the question from one centre to the other takes that away: Libovický, Rosa, Fraser, "On the Language
Neutrality of Pre-trained Multilingual Representations" (2020).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag_ask.providers.embed.spec import E5_SMALL

Vector = NDArray[np.float32]
_NONE: Vector = np.empty((0, 0), dtype=np.float32)

FOLDER = Path(__file__).parent / "languages"
# The centres of an embedder: the mean vectors of generic questions (`scripts/language-centres`).
FILES = {E5_SMALL.name: "e5-small.npz"}
# So far a question must have gone from the centre of the pages' language, 0, to that of another, 1. Measured on XQuAD
# in German, Spanish and Chinese: questions of the pages' language reach .65 at most (.75 one of 600 in Spanish), those
# of another .7 at least.
FAR = 2 / 3
# The means of a few questions say less of a language than all of them would.
MOVED = 0.8


def moved(embedder: str, question: Vector, languages: Iterable[str]) -> Vector | None:
    """The unit vector of a question as if it were asked in these languages; None where it is.

    languages: ISO 639-1 codes of the pages. None also where nothing is known of the embedder or of the languages.
    """
    codes, centres, directions = _centres(embedder)
    spoken = [codes[code] for code in languages if code in codes]
    if not spoken:
        return None
    pages: Vector = centres[spoken].mean(axis=0)
    asked_in = int(np.argmax(directions @ question))
    way = centres[asked_in] - pages
    if asked_in in spoken or (question - pages) @ way < FAR * (way @ way):
        return None
    there = question - MOVED * way
    return np.asarray(there / np.linalg.norm(there), dtype=np.float32)


@cache
def _centres(embedder: str) -> tuple[dict[str, int], Vector, Vector]:
    """The row of each language by its code, the centres, and these as unit vectors."""
    if embedder not in FILES:
        return {}, _NONE, _NONE
    with np.load(FOLDER / FILES[embedder]) as stored:
        centres = np.array([stored[code] for code in stored.files], dtype=np.float32)
        codes = {code: row for row, code in enumerate(stored.files)}
    return codes, centres, centres / np.linalg.norm(centres, axis=1, keepdims=True)
