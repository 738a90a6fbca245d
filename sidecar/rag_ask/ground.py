"""Ground: passages -> numbered sources and the messages for the model. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Passage:
    """A retrieved chunk (or several neighbouring ones joined), best first.

    score: fused relevance in [0, 1]. heading_path: outermost heading first.
    """

    post_id: int
    title: str
    url: str
    heading_path: tuple[str, ...]
    text: str
    score: float


@dataclass(frozen=True)
class Source:
    """A passage as the model and the visitor see it: numbered from 1."""

    number: int
    passage: Passage


@dataclass(frozen=True)
class Grounding:
    """What an answer may be made of."""

    question: str
    sources: tuple[Source, ...]
    messages: tuple[dict[str, str], ...]
