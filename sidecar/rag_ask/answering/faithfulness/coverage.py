"""Coverage: are the words of a sentence those of its page? Pure."""

from __future__ import annotations

from rag_ask.answering.faithfulness.page import Page, counted_in, heavy
from rag_ask.answering.faithfulness.terms import held, stems
from rag_ask.answering.faithfulness.verdict import Verdict
from rag_ask.text import analyze
from rag_ask.text.negation import is_known

# The share of the sentence's words that the passages, and the best place in them, hold on average.
ENOUGH = 0.5
WITH_SUBJECT = frozenset(["da", "de", "en", "fr", "nb", "nl", "no", "sv"])


def says_enough(sentence: str, page: Page) -> Verdict:
    """Without its negations nothing tells a word that says no from the others: all of them must be there."""
    wanted = stems(sentence, page.language)
    there = frozenset().union(*(place.terms for place in page.places))
    wanted = heavy(wanted, page.language) | held(wanted, there)
    enough = ENOUGH if is_known(page.language) else 1.0
    if not counted_in(sentence, page) and _speaks_of_another(sentence, page.language, there | page.everywhere):
        return Verdict.UNDECIDED
    # A figure counts as a word.
    figured = len(counted_in(sentence, page))
    if not wanted and not figured:
        return Verdict.UNDECIDED
    best = max(len(held(wanted, place.terms)) for place in page.places)
    both = len(held(wanted, there)) + best + 2 * figured
    return Verdict.SUPPORTED if both >= enough * 2 * (len(wanted) + figured) else Verdict.UNDECIDED


def _speaks_of_another(sentence: str, language: str, there: frozenset[str]) -> bool:
    """Whether its subject is none of the sources': cats, where they speak of dogs.

    The subject is the first or second word, in languages that have no sentence without one.
    """
    if language not in WITH_SUBJECT:
        return False
    known = (heavy(stems(word, language), language) for word in analyze.words(sentence)[:2])
    first = next(filter(None, known), frozenset[str]())
    return bool(first) and not held(first, there)
