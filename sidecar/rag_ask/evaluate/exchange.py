"""Exchange: a question that a site answers -> one that it nearly answers: a name in it is one that nobody has. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from rag_ask.evaluate.dataset import Dataset, Document, said
from rag_ask.text.analyze import primary, words
from rag_ask.text.stop_words import stop_words

MIN_CHARACTERS = 4


def exchanged(dataset: Dataset) -> dict[tuple[str, str], str]:
    """(site, question) -> the question with its rarest word exchanged. One without such a word is left out."""
    counts = {site: _counts(page for page in dataset.documents if page.site == site) for site in _sites(dataset)}
    languages = {page.site: page.language for page in dataset.documents}
    found = {}
    for asked in dataset.questions:
        if asked.answerable and (
            text := _exchanged(asked.question, counts[asked.site], stop_words(primary(languages[asked.site])))
        ):
            found[asked.site, asked.question] = text
    return found


def _sites(dataset: Dataset) -> set[str]:
    return {page.site for page in dataset.documents}


def _counts(pages: Iterable[Document]) -> Mapping[str, int]:
    """Word -> how many pages have it."""
    return Counter(word for page in pages for word in set(words(f"{page.title} {said(page)}")))


def _exchanged(question: str, counts: Mapping[str, int], stops: frozenset[str]) -> str:
    """The word that names the subject is the rarest of those that the site has. Backwards it is a name of nothing."""
    known = [word for word in words(question) if counts.get(word) and word not in stops and word.isalpha()]
    subjects = [word for word in known if len(word) >= MIN_CHARACTERS and word[::-1] not in counts]
    if not subjects:
        return ""
    subject = min(subjects, key=lambda word: (counts[word], -len(word)))
    return re.sub(rf"\b{re.escape(subject)}\b", subject[::-1].title(), question, flags=re.IGNORECASE)
