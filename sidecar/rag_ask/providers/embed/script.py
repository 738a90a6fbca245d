"""What an embedder was trained on. Vectors of other scripts and languages carry no meaning. Pure."""

from __future__ import annotations

import unicodedata

from rag_ask.providers.embed.spec import MINILM

# all-MiniLM-L6-v2 was trained on English. Of an embedder that is not listed everything is expected.
_LEARNED = {MINILM.name: ("LATIN", "en")}


def reads(embedder: str, text: str, language: str = "") -> bool:
    """Whether the embedder of this name has learned the language, and the script that most letters of the text are of.

    language: of the page that the text belongs to, as a tag; '' when nobody said, so that the script alone decides.
    In Latin-script languages other than English MiniLM's vectors find less than words alone.
    """
    if embedder not in _LEARNED:
        return True
    script, learned = _LEARNED[embedder]
    letters = [character for character in text if character.isalpha()]
    known = sum(unicodedata.name(character, "").startswith(script) for character in letters)
    return language.partition("-")[0].lower() in ("", learned) and 2 * known >= len(letters)
