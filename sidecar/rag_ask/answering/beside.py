"""Beside: what is shown with an answer, by its citations: further questions, and images of the cited sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rag_ask.answering.citations.citation import Citation
from rag_ask.answering.cited_images import cited_images
from rag_ask.answering.further_questions import further_questions
from rag_ask.db.database import Conn, Database
from rag_ask.errors import DatabaseUnavailable


@dataclass(frozen=True)
class Beside:
    """Both as they go over the wire."""

    further_questions: list[str] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)


def beside(database: Database, site_id: str, question: str, citations: Sequence[Citation], is_answer: bool) -> Beside:
    """Nothing without citations, and when the database is away: the answer is written already.

    What only may help (is_answer is false) leads to no further questions.
    """

    def read(connection: Conn) -> Beside:
        further = further_questions(connection, site_id, question, citations) if is_answer else []
        return Beside(further, cited_images(connection, site_id, citations))

    try:
        return database.read(site_id, read) if citations else Beside()
    except DatabaseUnavailable:
        return Beside()
