"""The collaborators that routes share. `app.py` makes them once per process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import current_app

from rag_ask.answering.cached_answer import Cache
from rag_ask.answering.read_line import ReadLine
from rag_ask.api.places import Places
from rag_ask.api.rate_limits import Limits
from rag_ask.db.database import Database
from rag_ask.insights.question_log import QuestionLog
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings


@dataclass(frozen=True)
class Services:
    """The collaborators of one process."""

    settings: Settings
    database: Database
    limits: Limits
    places: Places
    embedders: Embedders
    line: ReadLine
    cache: Cache
    question_log: QuestionLog


def services() -> Services:
    """The services of the application that handles this request."""
    return cast(Services, current_app.extensions["rag_ask"])
