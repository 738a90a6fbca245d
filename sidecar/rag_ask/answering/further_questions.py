"""Further questions: what a visitor may ask next, from other headings of the cited pages. Tried before; no model."""

from __future__ import annotations

from collections.abc import Sequence

from rag_ask.answering.citations.citation import Citation
from rag_ask.db import tried_questions
from rag_ask.db.database import Conn
from rag_ask.text.normalize import normalised

MAX_QUESTIONS = 3
# How many are looked at for them.
MAX_LOOKED_AT = 20


def further_questions(connection: Conn, site_id: str, question: str, citations: Sequence[Citation]) -> list[str]:
    """Up to three, none of which the answer has answered already."""
    post_ids = list(dict.fromkeys(citation.document_id for citation in citations))
    found = tried_questions.of_documents(connection, site_id, post_ids, MAX_LOOKED_AT)
    said = [question, *(citation.heading.split(" > ")[-1] for citation in citations)]
    known = {normalised(text) for text in said}
    # Other pages may have the same question.
    new = {normalised(text): text for text in reversed(found) if normalised(text) not in known}
    return list(reversed(new.values()))[:MAX_QUESTIONS]
