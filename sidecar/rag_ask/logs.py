"""Logs: one JSON object a line on stderr, of every process and library; plain lines where a person reads them."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

HANDLER = "rag-ask"


def configure(level: str) -> None:
    """Send what is at least this severe to stderr. Calling it again changes the level.

    Each line has `time` (UTC), `level`, and `action` with its values, or the `message` of a library. What is bound to
    the request (`request_id`, `site`) comes along. No caller passes the words of a question.
    """
    of_all: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *of_all,
            structlog.processors.EventRenamer("action"),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Stderr()
    handler.name = HANDLER
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*of_all, structlog.processors.EventRenamer("message")],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer()],
        )
    )
    root = logging.getLogger()
    for old in [old for old in root.handlers if old.name == HANDLER]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)


class _Stderr(logging.StreamHandler[TextIO]):
    """To what stderr is now: a test, or whoever runs a command, may have replaced it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        self.stream = sys.stderr
        super().emit(record)


def _renderer() -> Processor:
    if sys.stderr.isatty():
        return structlog.processors.LogfmtRenderer(key_order=["time", "level"], bool_as_flag=False)
    return structlog.processors.JSONRenderer(ensure_ascii=False)
