"""Same question: does a visitor ask what the owner's note answers? Pure.

Vectors alone put "a ticket for adults" nearer to "a ticket for children" than most paraphrases are, so the words must
agree as well. Where they do not, the note is left out: a wrong note is worse than none.
"""

from __future__ import annotations

from rag_ask.providers.embed.spec import E5_SMALL
from rag_ask.text import analyze
from rag_ask.text.asked_for import asked_for, is_known, without_asked_for
from rag_ask.text.figures import figures
from rag_ask.text.language import code_of
from rag_ask.text.negation import is_negated
from rag_ask.text.opposites import opposites
from rag_ask.text.stop_words import light_words, stop_words, synonyms

# By tests/sidecar/data/note_questions.json: no question that is only alike passes both tests, with either local
# embedder, and every other wording there does.
MIN_COSINE = 0.6
MIN_STEM = 5
MAX_ENDING = 3
_MIN_COSINE_BY_EMBEDDER = {E5_SMALL.name: 0.88}


def min_cosine(embedder: str) -> float:
    """The cosine that a question must reach, by the embedder of this name."""
    return _MIN_COSINE_BY_EMBEDDER.get(embedder, MIN_COSINE)


def is_same(asked: str, wording: str, language: str) -> bool:
    """Whether the words of both questions agree: figures, yes or no, what is wanted, and what it is about.

    language: of the note (BCP 47).
    """
    code = code_of(language)
    wanted, answered = asked_for(asked, code), asked_for(wording, code)
    if wanted and wanted.isdisjoint(answered):
        return False
    if is_negated(asked, code) != is_negated(wording, code) or not _same_figures(asked, wording, code):
        return False
    if opposites(analyze.words(asked), analyze.words(wording)):
        return False
    return _says(wording, _content(asked, code), code) and _says(asked, _content(wording, code), code)


def _same_figures(asked: str, wording: str, code: str) -> bool:
    here, there = figures(asked, code), figures(wording, code)
    return len(here) == len(there) and all(any(one.is_same(other) for other in there) for one in here)


def _content(question: str, code: str) -> list[frozenset[str]]:
    """The terms of each word that says what the question is about."""
    said = analyze.words(without_asked_for(question, code))
    if not is_known(code):
        # Whatever its words are, and where they end: all of them.
        return [frozenset([term]) for word in said for term in analyze.word_terms(word, code)]
    passed = stop_words(code) | light_words(code)
    return [frozenset(analyze.word_terms(word, code)) for word in said if word not in passed]


def _says(question: str, wanted: list[frozenset[str]], code: str) -> bool:
    """Whether the question has each of these words, or a synonym."""
    said = frozenset(analyze.terms(question, code))
    said = said.union(*(alike for alike in synonyms(code) if not alike.isdisjoint(said)))
    return all(any(_are_alike(term, other) for term in terms for other in said) for terms in wanted)


def _are_alike(one: str, other: str) -> bool:
    """The same term, or one more ending: "deliver" and "delivery"."""
    short, long = sorted((one, other), key=len)
    return long == short or (len(short) >= MIN_STEM and len(long) - len(short) <= MAX_ENDING and long.startswith(short))
