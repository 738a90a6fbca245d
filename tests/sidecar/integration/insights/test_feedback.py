"""Questions and feedback: what is kept of a question, what is not, and for how long."""

import json
import threading
import uuid

import contract
import pytest

from fakes import openai_server as play
from rag_ask import housekeeping
from rag_ask.insights import question_log

QUESTION = "When does the shop open?"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return wordpress


def rows(bakery):
    with bakery.database.system() as connection:
        found = connection.execute("SELECT * FROM questions WHERE site_id = %s ORDER BY asked_at", (bakery.site_id,))
        return found.fetchall()


def rate(bakery, answer_id, rating="up", token=None, **more):
    return bakery.post("/v1/feedback", {"answer_id": answer_id, "rating": rating} | more, token)


def age(bakery, days):
    with bakery.database.system() as connection:
        connection.execute(
            "UPDATE questions SET asked_at = asked_at - make_interval(days => %s) WHERE site_id = %s",
            (days, bakery.site_id),
        )


def tidy(bakery):
    housekeeping.delete_expired(bakery.database, threading.Event())


def test_a_question_is_written_down_without_the_visitor(bakery):
    asked = bakery.post(
        "/v1/ask",
        {"question": "When does the shop open? I am anna@mail.example, 020 7946 0958"},
        bakery.ask_token(sub="visitor-hash-1"),
        **{"X-Forwarded-For": "203.0.113.7"},
    ).json
    (row,) = rows(bakery)
    assert (str(row["id"]), row["question"]) == (
        asked["answer_id"],
        "When does the shop open? I am [e-mail], [number]",
    )
    assert (row["outcome"], row["model"], row["document_ids"]) == ("quoted", "quote", [1])
    assert (row["is_cached"], row["rating"], row["comment"]) == (False, None, None)
    assert 0 < row["confidence"] <= 1
    assert 0 <= row["latency_ms"] < 10_000
    written = json.dumps(row, default=str)
    assert not [trace for trace in ("visitor-hash-1", "203.0.113", "127.0.0.1") if trace in written]


def test_streamed_cached_and_unanswered_ones_are_written_down_too(bakery):
    bakery.post("/v1/ask", {"question": QUESTION}, Accept="text/event-stream").get_data()
    bakery.ask(QUESTION)
    bakery.ask("How many moons does Jupiter have?")
    assert [(row["outcome"], row["is_cached"], row["document_ids"]) for row in rows(bakery)] == [
        ("quoted", False, [1]),
        ("quoted", True, [1]),
        ("abstained", False, []),
    ]


@pytest.fixture
def paid_bakery(paid_site, model_server):
    model_server.text = "The shop opens at seven in the morning [1]."
    site = paid_site()
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return site


def insights_of(site):
    found = site.signed("GET", "/v1/insights?days=7").json
    return found["questions"], found["answered"], [gap["question"] for gap in found["gaps"]]


def test_an_answer_that_breaks_off_is_written_down(paid_bakery, model_server):
    paid_bakery.ask(QUESTION)
    for accept, status in (("text/event-stream", 200), ("application/json", 503)):
        model_server.chat.append(play.broken(f"{model_server.text} ", "And on Sundays it"))
        assert paid_bakery.post("/v1/ask", {"question": QUESTION}, Accept=accept).status_code == status
    assert [(row["outcome"], row["question"]) for row in rows(paid_bakery)] == [
        ("answered", QUESTION),
        ("failed", QUESTION),
        ("failed", QUESTION),
    ]
    assert insights_of(paid_bakery) == (3, 1, [])


@pytest.mark.parametrize(("events", "outcome"), [(2, "left"), (3, "answered")])
def test_a_visitor_who_leaves_before_the_answer_is_written_down(paid_bakery, events, outcome):
    headers = {"Authorization": f"Bearer {paid_bakery.ask_token()}", "Accept": "text/event-stream"}
    response = paid_bakery.client.post("/v1/ask", json={"question": QUESTION}, headers=headers, buffered=False)
    frames = response.iter_encoded()
    names = [next(frames).decode().split("\n")[0] for _ in range(events)]
    assert names == ["event: sources", "event: delta", "event: answer"][:events]
    response.close()
    assert [row["outcome"] for row in rows(paid_bakery)] == [outcome]
    assert insights_of(paid_bakery) == (1, 1 if outcome == "answered" else 0, [])


def test_a_table_that_fails_costs_no_answer(bakery, monkeypatch):
    monkeypatch.setattr(question_log, "INSERT", "INSERT INTO nowhere VALUES (%(rows)s)")
    assert bakery.ask(QUESTION)["outcome"] == "quoted"
    assert rows(bakery) == []


def test_the_later_rating_wins(bakery):
    answer_id = bakery.ask(QUESTION)["answer_id"]
    for rating, comment in [("up", ""), ("up", ""), ("down", "Call me: 020 7946 0958")]:
        response = rate(bakery, answer_id, rating, comment=comment)
        assert (response.status_code, response.data) == (204, b"")
    assert [(row["rating"], row["comment"]) for row in rows(bakery)] == [("down", "Call me: [number]")]


def test_the_message_of_the_contract_is_accepted(bakery):
    message = contract.message("feedback-request") | {"answer_id": bakery.ask(QUESTION)["answer_id"]}
    assert bakery.post("/v1/feedback", message).status_code == 204


def test_only_own_answers_of_the_last_day_can_be_rated(bakery, new_site):
    answer_id = bakery.ask(QUESTION)["answer_id"]
    unknown = [rate(bakery, str(uuid.uuid4())), rate(new_site(), answer_id)]
    age(bakery, 1)
    unknown.append(rate(bakery, answer_id))
    for response in unknown:
        assert (response.status_code, response.json["error"]["code"]) == (404, "answer_unknown")
    assert rows(bakery)[0]["rating"] is None


@pytest.mark.parametrize(
    "bad",
    [{"rating": "sideways"}, {"comment": "x" * 501}, {"answer_id": "1"}, {"answer_id": None}, {"visitor": "v1"}],
)
def test_bad_feedback_is_refused(bakery, bad):
    body = {"answer_id": str(uuid.uuid4()), "rating": "up"} | bad
    assert bakery.post("/v1/feedback", body).status_code == 400


def test_feedback_needs_a_token_and_has_a_limit_of_its_own(bakery):
    answer_id = bakery.ask(QUESTION)["answer_id"]
    assert bakery.client.post("/v1/feedback", json={}).status_code == 401
    codes = [rate(bakery, answer_id, token=bakery.ask_token(sub="eager")).status_code for _ in range(21)]
    assert codes == [204] * 20 + [429]
    assert bakery.post("/v1/ask", {"question": QUESTION}, bakery.ask_token(sub="eager")).status_code == 200


def test_words_go_when_the_site_says_so_and_counts_stay(bakery):
    answer_id = bakery.ask(QUESTION)["answer_id"]
    rate(bakery, answer_id, "down", comment="No")
    age(bakery, 29)
    tidy(bakery)
    assert rows(bakery)[0]["question"] == QUESTION
    age(bakery, 2)
    tidy(bakery)
    (row,) = rows(bakery)
    assert (row["question"], row["comment"], row["outcome"], row["rating"]) == (None, None, "quoted", "down")
    age(bakery, 61)
    tidy(bakery)
    assert rows(bakery) == []


def test_a_site_that_keeps_no_words(bakery):
    bakery.ask(QUESTION)
    response = bakery.signed("POST", "/v1/settings", {"question_days": 0})
    assert (response.status_code, response.json) == (200, {"question_days": 0, "daily_budget_usd": None})
    asked = bakery.ask(QUESTION)
    rate(bakery, asked["answer_id"], "down", comment="No")
    assert [(row["question"], row["comment"]) for row in rows(bakery)] == [(None, None)] * 2


def test_the_site_sets_its_days(bakery, new_site):
    other = new_site()
    other.ask(QUESTION)
    message = contract.message("settings-request")
    response = bakery.signed("POST", "/v1/settings", message)
    assert (response.status_code, response.json) == (200, contract.message("settings-response"))
    assert bakery.signed("POST", "/v1/settings", {"question_days": 366}).status_code == 400
    assert bakery.post("/v1/settings", message).status_code == 403
    assert bakery.signed("POST", "/v1/settings", {"question_days": 0}).status_code == 200
    assert rows(other)[0]["question"] == QUESTION


def test_a_purge_takes_the_questions_too(bakery):
    bakery.ask(QUESTION)
    assert bakery.signed("DELETE", "/v1/site", {"site_id": bakery.site_id}).status_code == 200
    assert rows(bakery) == []
