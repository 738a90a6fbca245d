"""Pictures: the alternative texts of the pictures in a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborNode

from rag_ask.text.invisible import one_line
from rag_ask.text.normalize import normalize

# What is longer is no description.
MAX_CHARACTERS = 1_000
# Pictures that stand for a word or a formula of a sentence.
_INLINE = frozenset(["emoji", "wp-smiley", "latex", "mwe-math-fallback-image-inline"])
_FILE = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|bmp|tiff?)|(?:img|dsc|pic|image|photo|scan|screen ?shot)?[\W\d_]+",
    re.IGNORECASE,
)


def alt_of(node: LexborNode) -> str:
    """What a picture shows; empty for decoration."""
    return normalize("NFC", one_line(node.attributes.get("alt") or ""))[:MAX_CHARACTERS]


def is_inline(node: LexborNode) -> bool:
    return not _INLINE.isdisjoint((node.attributes.get("class") or "").split())


def descriptions(alts: Iterable[str], text: str) -> Iterator[str]:
    """Yield the texts that say something the text does not: no names of files, and each once."""
    for alt in dict.fromkeys(alts):
        # A word alone, as "logo", names the picture and says nothing.
        is_word = alt.isascii() and " " not in alt
        if alt and not is_word and not _FILE.fullmatch(alt) and alt not in text:
            yield alt
