"""Questions: what was asked and how it was answered, without anything about who asked."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

from rag_ask.answering.answer import Answer, Event
from rag_ask.db.database import Conn
from rag_ask.errors import BadRequest
from rag_ask.fields import storable
from rag_ask.insights.question_log import QuestionLog
from rag_ask.tenant import Visitor
from rag_ask.text.redact import mask

MAX_DAYS = 365
# Rows stay as long as the longest report looks back; their words go when the site says so.
ROW_DAYS = 91
RATABLE = "1 day"
MAX_ANSWER_CHARACTERS = 2000

# Outcomes of what has no answer to show: it broke off, or its visitor did not wait for it.
FAILED = "failed"
LEFT = "left"

# The random id came to one visitor only, so that it names the visitor's vote and nothing need say who that was.
RATE = f"""
UPDATE questions SET rating = %(rating)s,
  comment = CASE WHEN (SELECT question_days FROM sites WHERE site_id = %(site_id)s) > 0 THEN %(comment)s END
WHERE site_id = %(site_id)s AND id = %(id)s AND asked_at > now() - interval '{RATABLE}'
"""

FORGET_WORDS = """
UPDATE questions SET question = NULL, answer = NULL, comment = NULL FROM sites
WHERE questions.site_id = %(site_id)s AND sites.site_id = questions.site_id
  AND (question IS NOT NULL OR answer IS NOT NULL OR comment IS NOT NULL)
  AND (question_days = 0 OR asked_at < now() - make_interval(days => question_days))
"""


class Note:
    """Follows one answer. The question is logged once the answer has gone out, or when it breaks off."""

    def __init__(self, log: QuestionLog, visitor: Visitor, question: str) -> None:
        self._log = log
        self._site = visitor.site
        self._question = question
        self._started = time.monotonic()
        self._first_word_ms: int | None = None
        self._row: dict[str, Any] | None = None

    def followed(self, answer: Answer) -> Generator[Event]:
        """The same events; the answer gets the id by which its visitor can rate it."""
        has_answer = False
        try:
            with closing(answer.events):
                for name, data in answer.events:
                    if name == "delta" and self._first_word_ms is None:
                        self._first_word_ms = self._age_ms()
                    if name != "answer":
                        yield name, data
                        continue
                    has_answer, answer_id = True, str(uuid4())
                    self._row = self._of(answer_id, answer, data["outcome"], data["model"], _shown(data), _cited(data))
                    yield name, data | {"answer_id": answer_id, "cached": answer.is_cached}
        except BaseException as error:
            # Once the answer itself is out, nothing is missed by who leaves before the end.
            if not has_answer:
                outcome = LEFT if isinstance(error, GeneratorExit) else FAILED
                self._row = self._of(str(uuid4()), answer, outcome, "")
                self.write()
            raise

    def write(self) -> None:
        """Call it when nobody waits any more."""
        row, self._row = self._row, None
        if row is not None:
            self._log.add(self._site.site_id, row)

    def count(self) -> None:
        """Count a question whose answer did not begin."""
        self._log.add(self._site.site_id, None)

    def _of(
        self, answer_id: str, answer: Answer, outcome: str, model: str, shown: str = "", cited: Sequence[int] = ()
    ) -> dict[str, Any]:
        return {
            "id": answer_id,
            "asked_s": self._started,
            "incarnation": self._site.incarnation,
            "purged_at": self._site.purged_at and self._site.purged_at.isoformat(),
            "question": storable(mask(self._question)),
            # A model may repeat what the visitor typed.
            "answer": storable(mask(shown)[:MAX_ANSWER_CHARACTERS]) or None,
            "outcome": outcome,
            "confidence": answer.confidence,
            "document_ids": list(cited) or answer.document_ids,
            "model": model,
            "is_cached": answer.is_cached,
            "latency_ms": self._age_ms(),
            "first_word_ms": self._first_word_ms,
        }

    def _age_ms(self) -> int:
        return round(1000 * (time.monotonic() - self._started))


def _shown(data: dict[str, Any]) -> str:
    """The text of an answer, or the passages that may help."""
    lines = (line for excerpt in data["excerpts"] for piece in excerpt["pieces"] for line in piece["lines"])
    return data["answer"] or "\n".join(lines)


def _cited(data: dict[str, Any]) -> list[int]:
    """The documents of the citations, each once, in their order."""
    return list(dict.fromkeys(citation["document_id"] for citation in data["citations"]))


def rate(connection: Conn, site_id: str, answer_id: UUID, rating: str, comment: str) -> None:
    """One vote an answer; a later one takes its place. Raises BadRequest (404)."""
    values = {"site_id": site_id, "id": answer_id, "rating": rating, "comment": mask(comment) or None}
    if connection.execute(RATE, values).rowcount == 0:
        raise BadRequest("answer_unknown", "There is no such answer of the last day. Ask again, then rate.", 404)


def set_days(connection: Conn, site_id: str, days: int) -> None:
    """Keep the words of questions for so many days from now on. Raises BadRequest."""
    if not 0 <= days <= MAX_DAYS:
        raise BadRequest("invalid_request", f"question_days: must be a number from 0 to {MAX_DAYS}.")
    connection.execute("UPDATE sites SET question_days = %s WHERE site_id = %s", (days, site_id))


def delete_expired(connection: Conn, site_id: str) -> None:
    """Delete expired wordings and rows of a site."""
    connection.execute(FORGET_WORDS, {"site_id": site_id})
    connection.execute(
        f"DELETE FROM questions WHERE site_id = %s AND asked_at < now() - interval '{ROW_DAYS} days'", (site_id,)
    )
