"""Thresholds: the confidence from which on a question is answered, measured for each embedder.

Embedders spread their cosines differently, so each has its own. That of the local one comes with the package; others
are written to the database by `rag-ask eval --calibrate`. RAG_ASK_MIN_SCORE wins over both.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from rag_ask.db.database import Conn
from rag_ask.db.generation import raise_generation

# Where nothing was measured: near that of the local embedder, the only one that was.
UNMEASURED = 0.35


def of_embedder(connection: Conn, embedder: str) -> float:
    """Below this confidence the answer is "not on this site"."""
    row = connection.execute("SELECT min_score FROM thresholds WHERE embedder = %s", (embedder,)).fetchone()
    return float(row["min_score"]) if row else _in_package().get(embedder, UNMEASURED)


def save(connection: Conn, embedder: str, min_score: float, answered: float, abstained: float) -> None:
    """Keep a measured threshold. Needs a system transaction."""
    connection.execute(
        "INSERT INTO thresholds (embedder, min_score, answered, abstained) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (embedder) DO UPDATE SET min_score = excluded.min_score, answered = excluded.answered, "
        "abstained = excluded.abstained, measured_at = now()",
        (embedder, min_score, answered, abstained),
    )
    # What was kept under the threshold before may be answered otherwise now.
    raise_generation(connection)


@cache
def _in_package() -> dict[str, float]:
    found: dict[str, float] = json.loads((Path(__file__).parent / "thresholds.json").read_text(encoding="utf-8"))
    return found
