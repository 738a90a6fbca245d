"""Verdict: what sources say to a sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Verdict(IntEnum):
    """What the sources say to a sentence; the worse of two is the lower one."""

    CONTRADICTED = 0
    UNDECIDED = 1
    SUPPORTED = 2


@dataclass(frozen=True)
class Question:
    """What was asked, and its language; "" when it is not plain."""

    text: str = ""
    language: str = ""


NO_QUESTION = Question()
