"""An answer on its way to the visitor: its events, and how it came about."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

Event = tuple[str, dict[str, Any]]


@dataclass
class Answer:
    """events: `sources`, `delta`*, `answer`, `done`. confidence: in [0, 1]. document_ids: what it may be made of.

    stands_alone: the question did, as it was typed. question: standing alone; empty where the answer was kept, for
    questions never are.
    """

    events: Generator[Event]
    confidence: float
    document_ids: list[int]
    stands_alone: bool
    question: str = ""
    is_cached: bool = False
