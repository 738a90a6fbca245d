"""What an embedder was trained on. Vectors of other scripts and languages carry no meaning. Pure."""

from __future__ import annotations

import unicodedata

from rag_ask.providers.embed.spec import E5_SMALL, MINILM

# all-MiniLM-L6-v2 was trained on English. Of an embedder that is not listed everything is expected.
_LEARNED = {MINILM.name: ("LATIN", "en")}
# Of a question in another language a stretched cosine of .28 is worth a confidence of .35, and one of .475 is worth
# .514: base and slope of the line between. Measured on XQuAD and on 44 questions in German and Spanish.
_ACROSS = {E5_SMALL.name: (0.115, 0.84)}
# A question that was moved to the language of the pages (`question_language`) is nearer to all of them: its stretched
# cosines are higher by this, measured on XQuAD in German and Spanish.
_NEARER = 0.085


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


def across(embedder: str, *, is_moved: bool = False) -> tuple[float, float] | None:
    """Base and slope that bring the cosine of a question in another language than the page to a confidence."""
    if embedder not in _ACROSS:
        return None
    base, slope = _ACROSS[embedder]
    return base - slope * _NEARER * is_moved, slope
