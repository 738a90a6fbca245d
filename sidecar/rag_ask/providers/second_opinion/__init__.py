"""Second opinion: who judges the sentences that the sentence check cannot decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag_ask.passage import Passage

# What is undecided beyond these stays so.
MAX_CLAIMS = 12


@dataclass(frozen=True)
class Claim:
    """A sentence and the passages that it cites."""

    sentence: str
    passages: tuple[Passage, ...]


class SecondOpinion(Protocol):
    """Judges claims. One a process; safe to share between threads."""

    name: str

    def judge(self, site_id: str, question: str, claims: Sequence[Claim]) -> list[bool | None]:
        """For each claim, whether its passages support it; None when that was not decided. Raises nothing."""
        ...
