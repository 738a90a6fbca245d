"""Logs: one JSON object a line."""

import json
import logging

import structlog

from rag_ask import logs


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_has_time_level_action_and_what_is_bound_to_the_request(capsys):
    logs.configure("INFO")
    with structlog.contextvars.bound_contextvars(request_id="abc", site="bakery"):
        structlog.get_logger("rag_ask.test").info("push", changes=3)
    (line,) = lines(capsys)
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "action": "push", "changes": 3, "request_id": "abc", "site": "bakery"}


def test_a_librarys_line_has_the_same_form(capsys):
    logs.configure("INFO")
    logging.getLogger("gunicorn.error").warning("Worker %s", "gone")
    (line,) = lines(capsys)
    assert (line["level"], line["message"]) == ("warning", "Worker gone")


def test_an_exception_is_one_line(capsys):
    logs.configure("INFO")
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger("rag_ask.test").exception("unexpected")
    (line,) = lines(capsys)
    assert "ValueError: no" in line["exception"]


def test_what_is_less_severe_than_the_level_is_left_out(capsys):
    logs.configure("WARNING")
    structlog.get_logger("rag_ask.test").info("push")
    assert lines(capsys) == []
