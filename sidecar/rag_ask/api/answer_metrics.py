"""Answer metrics: how long an answer took, and how it came out."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing

from rag_ask import metrics
from rag_ask.answering.answer import Event
from rag_ask.insights.questions import FAILED, LEFT


def measured(events: Generator[Event], started: float) -> Generator[Event]:
    """The same events. started: when the question came, on the monotonic clock."""
    outcome, has_word = LEFT, False
    try:
        with closing(events):
            for name, data in events:
                if name == "delta" and not has_word:
                    has_word = True
                    metrics.FIRST_WORD_SECONDS.observe(time.monotonic() - started)
                if name == "answer":
                    outcome = data["outcome"]
                    metrics.ANSWER_SECONDS.observe(time.monotonic() - started)
                yield name, data
    except Exception:
        outcome = FAILED
        raise
    finally:
        metrics.QUESTIONS.labels(outcome).inc()
