"""Passages: ranked chunks -> deduplicated, adjacent ones merged, as many as fit the context. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag_ask.passage import Passage
from rag_ask.retrieval.fuse import Candidate
from rag_ask.text import analyze

CONTEXT_CHARACTERS = 6000
# The share of words in common from which on two chunks say the same, as with shingles of copied web pages.
SAME = 0.8
JOINED_CHARACTERS = 1000


def fitting(ranked: Sequence[Candidate], *, deduplicates: bool = True) -> list[Candidate]:
    """Fill the context from the top; deduplicated: without what says nearly the same as a better ranked one."""
    kept: list[Candidate] = []
    vocabularies: list[frozenset[str]] = []
    characters = 0
    for candidate in ranked:
        if characters >= CONTEXT_CHARACTERS:
            break
        words = frozenset(analyze.words(candidate.passage.text)) if deduplicates else frozenset()
        if deduplicates and any(len(words & other) >= SAME * len(words | other) for other in vocabularies):
            continue
        kept.append(candidate)
        vocabularies.append(words)
        characters += len(candidate.passage.text)
    return kept


def joined(ranked: Sequence[Candidate]) -> list[Passage]:
    """Make one passage of chunks that follow each other both on the page and in rank, up to 1,000 characters.

    A neighbour of lower rank stays where it is: pulled up, it would push something better out of a small context.
    """
    groups: list[list[Candidate]] = []
    for candidate in ranked:
        if groups and _continues(candidate, groups[-1]):
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
    return [_one(group) for group in groups]


def of_pages(best: Sequence[Passage], limit: int) -> tuple[Passage, ...]:
    """The best ones; where all of them are of one page, the best of another one in the place of the last."""
    shown = best[:limit]
    others = (passage for passage in best[limit:] if passage.post_id != shown[0].post_id)
    if limit > 1 and len({passage.post_id for passage in shown}) == 1 and (other := next(others, None)):
        return (*shown[:-1], other)
    return tuple(shown)


def _continues(candidate: Candidate, group: Sequence[Candidate]) -> bool:
    length = sum(len(other.passage.text) for other in (*group, candidate))
    return length <= JOINED_CHARACTERS and any(_adjacent(candidate, other) for other in group)


def _adjacent(one: Candidate, other: Candidate) -> bool:
    return (
        one.passage.post_id == other.passage.post_id
        and one.passage.heading_path == other.passage.heading_path
        and one.passage.kind == other.passage.kind
        and one.passage.url == other.passage.url
        and abs(one.position - other.position) == 1
    )


def _one(group: Sequence[Candidate]) -> Passage:
    in_order = sorted(group, key=lambda candidate: candidate.position)
    text = "\n".join(candidate.passage.text for candidate in in_order)
    return replace(group[0].passage, text=text, position=in_order[0].position)
