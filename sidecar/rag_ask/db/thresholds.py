"""Thresholds: from which confidence on the sidecar answers, and from which on it is sure, measured for each embedder.

Embedders spread their cosines differently, so each has its own. Those of the local ones come with the package; others
are written to the database by `rag-ask eval --calibrate`. RAG_ASK_MIN_SCORE and RAG_ASK_SURE_SCORE win over both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag_ask.db.database import Conn
from rag_ask.db.generation import raise_generation


@dataclass(frozen=True)
class Thresholds:
    """Confidences in [0, 1]. Below min_score the answer is "not on this site"; from sure_score on it is an answer.

    Between them, pages that may help are shown.
    """

    min_score: float
    sure_score: float


# Where nothing was measured: near those of the local embedder, the only one that was.
UNMEASURED = Thresholds(0.35, 0.48)


def of_package(embedder: str) -> Thresholds:
    """Those that come with the package, for an embedder that nobody measured here."""
    return _in_package().get(embedder, UNMEASURED)


def save(connection: Conn, embedder: str, found: Thresholds, answered: float, abstained: float) -> None:
    """Keep measured thresholds. Needs a system transaction."""
    connection.execute(
        "INSERT INTO thresholds (embedder, min_score, sure_score, answered, abstained) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (embedder) DO UPDATE SET min_score = excluded.min_score, sure_score = excluded.sure_score, "
        "answered = excluded.answered, abstained = excluded.abstained, measured_at = now()",
        (embedder, found.min_score, found.sure_score, answered, abstained),
    )
    # What was kept under the thresholds before may be answered otherwise now.
    raise_generation(connection)


@cache
def _in_package() -> dict[str, Thresholds]:
    found = json.loads((Path(__file__).parent / "thresholds.json").read_text(encoding="utf-8"))
    return {embedder: Thresholds(**scores) for embedder, scores in found.items()}
