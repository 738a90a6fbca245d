"""Rate limits: by visitor, by site, with standard headers."""

import dataclasses
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import MemoryStorage

from rag_ask.api import rate_limits
from rag_ask.api.app import create_app
from rag_ask.tenant import Site, Visitor

QUESTION = {"question": "When do you open?"}


@pytest.fixture
def limited(settings, wordpress):
    app = create_app(
        dataclasses.replace(
            settings, visitor_limits="2 per minute", site_limits="4 per minute", network_limits="3 per minute"
        )
    )
    wordpress.client = app.test_client()
    yield wordpress
    app.extensions["rag_ask"].database.close()


def test_a_visitor_runs_into_its_limit_and_another_does_not(limited):
    one, other = limited.ask_token(sub="one"), limited.ask_token(sub="other")
    first = limited.post("/v1/ask", QUESTION, one)
    assert (first.status_code, first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == (
        200,
        "2",
        "1",
    )
    assert limited.post("/v1/ask", QUESTION, one).status_code == 200
    third = limited.post("/v1/ask", QUESTION, one)
    assert (third.status_code, third.json["error"]["code"]) == (429, "rate_limited")
    assert 0 < int(third.headers["Retry-After"]) <= 60
    assert limited.post("/v1/ask", QUESTION, other).status_code == 200


def test_a_site_runs_into_its_limit_whoever_asks(limited):
    codes = [limited.post("/v1/ask", QUESTION, limited.ask_token(sub=f"v{n}")).status_code for n in range(5)]
    assert codes == [200, 200, 200, 200, 429]


def test_what_a_visitor_is_refused_is_not_counted_for_its_site(limited):
    eager = limited.ask_token(sub="eager")
    codes = [limited.post("/v1/ask", QUESTION, eager).status_code for _ in range(20)]
    assert codes == [200] * 2 + [429] * 18
    for name in ("one", "two"):
        response = limited.post("/v1/ask", QUESTION, limited.ask_token(sub=name))
        assert (response.status_code, response.headers["RateLimit-Limit"]) == (200, "2")
    third = limited.post("/v1/ask", QUESTION, limited.ask_token(sub="three"))
    assert (third.status_code, third.headers["RateLimit-Limit"]) == (429, "4")
    assert 0 < int(third.headers["Retry-After"]) <= 60


def test_the_routes_that_answer_share_a_limit(limited):
    token = limited.ask_token()
    codes = [limited.post(route, QUESTION, token).status_code for route in ("/v1/ask", "/v1/search", "/v1/ask")]
    assert codes == [200, 200, 429]


def test_questions_at_the_same_time_are_counted_each_for_its_own_visitor(limited):
    app = limited.client.application
    count = app.extensions["rag_ask"].limits.count
    interval = sys.getswitchinterval()

    def ask(thread):
        for number in range(200):
            site = Site(f"site-{thread}-{number}", "", ())
            for _ in range(2):
                with app.test_request_context("/v1/ask", method="POST"):
                    count(Visitor(site, "somebody", ("public",), "en"))

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask, range(4)))
    finally:
        sys.setswitchinterval(interval)


def test_bad_questions_count_for_nothing(limited):
    for _ in range(5):
        assert limited.post("/v1/ask", {"question": ""}).status_code == 400
    assert limited.post("/v1/ask", QUESTION).status_code == 200


def test_a_network_runs_into_its_limit_and_another_does_not(limited):
    def ask(name, network):
        return limited.post("/v1/ask", QUESTION, limited.ask_token(sub=name, net=network)).status_code

    assert [ask(f"v{n}", "n-one") for n in range(4)] == [200, 200, 200, 429]
    assert ask("other", "n-two") == 200


@pytest.mark.parametrize("network", [7, None, ["n"], "n\x00"])
def test_a_network_is_a_text(limited, network):
    assert limited.post("/v1/ask", QUESTION, limited.ask_token(net=network)).status_code == 401


def test_no_question_starts_a_thread_to_forget_old_counts(limited, monkeypatch):
    monkeypatch.setattr("limits.storage.memory.threading.Timer", None)
    assert limited.post("/v1/ask", QUESTION).status_code == 200


def test_who_has_not_asked_lately_is_forgotten(monkeypatch):
    storage = MemoryStorage()
    storage.timer.join()
    storage.timer = rate_limits.Sweeper(storage)
    storage.acquire_entry("eager", 10, 60)
    storage.acquire_entry("eager", 10, -1)
    for number in range(100):
        storage.acquire_entry(f"visitor-{number}", 10, -1)
    assert len(storage.events) == 101, "swept once in ten seconds"
    monkeypatch.setattr(rate_limits, "SWEEP_S", 0)
    storage.timer._due = 0
    storage.acquire_entry("other", 10, 60)
    assert {name: len(events) for name, events in storage.events.items()} == {"eager": 1, "other": 1}
    assert list(storage.locks) == ["eager", "other"]


def test_near_the_limit_of_its_site_answers_are_extractive(paid_site, model_server):
    model_server.text = "The shop opens at seven in the morning [1]."
    site = paid_site(site_limits="10 per minute")
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    outcomes = [site.ask("When does the shop open?")["outcome"] for _ in range(10)]
    assert outcomes == ["answered"] * 8 + ["quoted"] * 2
    assert len(model_server.requests) == 8


def test_near_the_limit_a_kept_answer_of_the_model_is_given(paid_site, model_server):
    model_server.text = "The shop opens at seven in the morning [1]."
    site = paid_site(site_limits="2 per minute", cache_ttl_s=60)
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    assert [site.ask("When does the shop open?")["outcome"] for _ in range(2)] == ["answered"] * 2
    assert len(model_server.requests) == 1
