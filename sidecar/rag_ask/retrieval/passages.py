"""Passages: ranked chunks -> deduplicated, adjacent ones merged, as many as fit the context. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from rag_ask.passage import Passage
from rag_ask.text import analyze

CONTEXT_CHARACTERS = 6000
# The share of words in common from which on two chunks say the same, as with shingles of copied web pages.
SAME = 0.8
JOINED_CHARACTERS = 1000
# Of two news on one subject, the newer comes first when it has this share of the older one's score.
NEARLY = 0.85
# How far down they are looked for.
LOOKED_AT = 16
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


def newer_first(ranked: Iterable[Passage], weights: Mapping[int, float]) -> Iterator[Passage]:
    """Let passages with one title, but for its year, change places: those of the newer page come first.

    Only those that score nearly alike and hold the same words of the question: `opening hours of the north branch` is
    not answered by those of another one. weights: of the question's terms, by their dimension.
    """
    rest = iter(ranked)
    ahead = list(islice(rest, LOOKED_AT))
    alike: dict[tuple[str, ...], list[int]] = {}
    for at, passage in enumerate(ahead):
        if passage.modified_at:
            named = tuple(_YEAR.sub("", name) for name in (passage.title, *passage.heading_path))
            alike.setdefault(named, []).append(at)
    for places in alike.values():
        _put_newer_first(ahead, places, weights)
    yield from ahead
    yield from rest


def _put_newer_first(ahead: list[Passage], places: Sequence[int], weights: Mapping[int, float]) -> None:
    first = ahead[places[0]]
    if all(ahead[at].post_id == first.post_id for at in places):
        return
    held = _held(first, weights)
    others = (at for at in places[1:] if ahead[at].score >= NEARLY * first.score)
    near = [places[0], *(at for at in others if _held(ahead[at], weights) == held)]
    scores = [ahead[at].score for at in near]
    newest = sorted((ahead[at] for at in near), key=_dated_at, reverse=True)
    for at, passage, score in zip(near, newest, scores, strict=True):
        ahead[at] = replace(passage, score=score)


def _held(passage: Passage, weights: Mapping[int, float]) -> frozenset[int]:
    """The terms of the question that it has."""
    text = "\n".join((passage.title, *passage.heading_path, passage.text))
    return frozenset(analyze.dimensions(text, passage.language)) & weights.keys()


def _dated_at(passage: Passage) -> float:
    return passage.modified_at.timestamp() if passage.modified_at else 0.0


def fitting(ranked: Iterable[Passage], *, deduplicates: bool = True) -> list[Passage]:
    """Fill the context from the top; deduplicated: without what says nearly the same as a better ranked one."""
    kept: list[Passage] = []
    vocabularies: list[frozenset[str]] = []
    characters = 0
    for passage in ranked:
        words = frozenset(analyze.words(passage.text)) if deduplicates else frozenset()
        if deduplicates and any(_are_same(words, other) for other in vocabularies):
            continue
        kept.append(passage)
        vocabularies.append(words)
        characters += len(passage.text)
        if characters >= CONTEXT_CHARACTERS:
            break
    return kept


def joined(ranked: Sequence[Passage]) -> list[Passage]:
    """Make one passage of chunks that follow each other both on the page and in rank, up to 1,000 characters.

    A neighbour of lower rank stays where it is: pulled up, it would push something better out of a small context.
    """
    groups: list[list[Passage]] = []
    for passage in ranked:
        if groups and _continues(passage, groups[-1]):
            groups[-1].append(passage)
        else:
            groups.append([passage])
    return [_one(group) for group in groups]


def of_pages(best: Sequence[Passage], limit: int) -> tuple[Passage, ...]:
    """The best ones; where all of them are of one page, the best of another one in the place of the last."""
    shown = best[:limit]
    others = (passage for passage in best[limit:] if passage.post_id != shown[0].post_id)
    if limit > 1 and len({passage.post_id for passage in shown}) == 1 and (other := next(others, None)):
        return (*shown[:-1], other)
    return tuple(shown)


def _are_same(words: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(words & other)
    return shared >= SAME * (len(words) + len(other) - shared)


def _continues(passage: Passage, group: Sequence[Passage]) -> bool:
    length = sum(len(other.text) for other in (*group, passage))
    return length <= JOINED_CHARACTERS and any(_adjacent(passage, other) for other in group)


def _adjacent(one: Passage, other: Passage) -> bool:
    return (
        one.post_id == other.post_id
        and one.heading_path == other.heading_path
        and one.kind == other.kind
        and one.url == other.url
        and abs(one.position - other.position) == 1
    )


def _one(group: Sequence[Passage]) -> Passage:
    in_order = sorted(group, key=lambda passage: passage.position)
    text = "\n".join(passage.text for passage in in_order)
    return replace(group[0], text=text, position=in_order[0].position)
