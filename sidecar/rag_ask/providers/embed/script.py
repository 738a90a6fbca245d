"""Scripts that an embedder was trained on. Vectors of other scripts carry no meaning. Pure."""

from __future__ import annotations

import unicodedata

# all-MiniLM-L6-v2 was trained on English. Of an embedder that is not listed everything is expected.
_LEARNED = {"local/all-MiniLM-L6-v2-int8/384": "LATIN"}


def reads(embedder: str, text: str) -> bool:
    """Whether the embedder of this name has learned the script that most letters of the text are of."""
    learned = _LEARNED.get(embedder)
    letters = [character for character in text if character.isalpha()]
    if learned is None or not letters:
        return True
    known = sum(unicodedata.name(character, "").startswith(learned) for character in letters)
    return 2 * known >= len(letters)
