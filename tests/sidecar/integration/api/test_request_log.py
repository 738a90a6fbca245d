"""Each request has an id, in its response, its error and its lines in the log; no line holds the question."""

import json
import re

import pytest

QUESTION = {"question": "When does the bakery open?"}


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Hours")
    return wordpress


def log_lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]


def test_a_request_is_one_line_with_its_id_and_site(bakery, capsys):
    response = bakery.post("/v1/ask", QUESTION)
    response.close()
    (line,) = [line for line in log_lines(capsys) if line.get("action") == "request"]
    assert re.fullmatch("[0-9a-f]{32}", line["request_id"])
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert (line["site"], line["method"], line["route"], line["status"]) == (bakery.site_id, "POST", "/v1/ask", 200)
    assert line["latency_ms"] >= 0
    assert "bakery open" not in json.dumps(line)


def test_an_error_carries_the_id_that_a_proxy_gave(bakery):
    response = bakery.client.post("/v1/ask", json={}, headers={"X-Request-ID": "from-nginx-0001"})
    assert response.json["error"]["request_id"] == response.headers["X-Request-ID"] == "from-nginx-0001"


def test_what_is_no_id_is_not_repeated(bakery):
    response = bakery.client.get("/nowhere", headers={"X-Request-ID": "<script>"})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])
    assert response.json["error"]["request_id"] == response.headers["X-Request-ID"]


def test_one_request_leaves_nothing_to_the_next(bakery, capsys):
    bakery.post("/v1/ask", QUESTION).close()
    bakery.client.get("/nowhere").close()
    bakery.client.get("/v1/openapi.json").close()
    assert "site" not in log_lines(capsys)[-1]
