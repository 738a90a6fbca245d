"""GET /v1/insights and `rag-ask insights`: gaps, most asked, rates and costs, of one site alone."""

import json
import uuid

import contract
import pytest

from rag_ask.errors import ProviderUnavailable
from rag_ask.insights import report


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return wordpress


def asked(site, question, outcome="answered", *, days=0.1, rating=None, comment=None, latency_ms=100):
    with site.database.system() as connection:
        connection.execute(
            "INSERT INTO questions (site_id, id, asked_at, question, outcome, confidence, document_ids, model, "
            "is_cached, latency_ms, rating, comment) "
            "VALUES (%s, %s, now() - %s * interval '1 day', %s, %s, 0.5, '{}', 'm', false, %s, %s, %s)",
            (site.site_id, uuid.uuid4(), days, question, outcome, latency_ms, rating, comment),
        )


def spent(site, microusd, days=0):
    with site.database.system() as connection:
        connection.execute(
            "INSERT INTO usage (site_id, day, cost_microusd) VALUES (%s, (now() AT TIME ZONE 'utc')::date - %s, %s)",
            (site.site_id, days, microusd),
        )


def found(site, days=30):
    response = site.signed("GET", f"/v1/insights?days={days}")
    assert response.status_code == 200, response.text
    return response.json


def test_insights_have_the_shape_of_the_contract(bakery):
    bakery.ask("When does the shop open?")
    bakery.ask("How many moons does Jupiter have?")
    insights_, expected = found(bakery, 7), contract.message("insights-response")
    assert insights_.keys() == expected.keys()
    assert len(insights_["by_day"]) == len(expected["by_day"]) == 7
    for name in ("gaps", "top", "by_day"):
        assert insights_[name][0].keys() == expected[name][0].keys()
    for name in ("ratings", "latency_ms"):
        assert insights_[name].keys() == expected[name].keys()
    assert (insights_["questions"], insights_["answered"], insights_["answer_rate"]) == (2, 1, 0.5)
    assert [gap["question"] for gap in insights_["gaps"]] == ["How many moons does Jupiter have?"]


def test_gaps_are_what_was_not_answered_by_meaning(bakery):
    for question in ["Is there parking?", "Where can I park my car?", "Is there parking?", "Can I park nearby?"]:
        asked(bakery, question, "abstained")
    asked(bakery, "is there PARKING", "abstained", days=2)
    asked(bakery, "Do you sell gift vouchers?", "unsure")
    asked(bakery, "Do you bake rye bread?", rating="down")
    asked(bakery, "When do you open?", rating="up")
    insights_ = found(bakery)
    first, second = insights_["gaps"]
    assert (first["question"], first["count"]) == ("Is there parking?", 5)
    assert set(first["examples"]) == {"Where can I park my car?", "Can I park nearby?"}
    assert (second["question"], second["count"], second["examples"]) == ("Do you sell gift vouchers?", 1, [])
    assert (first["outcome"], second["outcome"]) == ("abstained", "unsure")
    assert [answer["question"] for answer in insights_["rated_down"]] == ["Do you bake rye bread?"]


def test_what_visitors_said_is_told_the_newest_first(bakery):
    for number in range(8):
        asked(bakery, "Is there parking?", rating="down", comment=f"comment {number}", days=1 - 0.1 * number)
    asked(bakery, "is there PARKING", rating="down", comment="of another wording", days=2)
    asked(bakery, "Is there parking?", rating="down")
    asked(bakery, "Do you sell gift vouchers?", "unsure", rating="down", comment="not helpful")
    report_ = found(bakery)
    assert report_["rated_down"][0]["comments"] == [f"comment {number}" for number in (7, 6, 5, 4, 3)]
    assert report_["gaps"][0]["comments"] == ["not helpful"]


def test_each_question_has_its_last_answer_and_the_pages_of_it(bakery):
    bakery.publish(2, 1, "<p>The shop sells bread, and opens tins with care.</p>", title="The shop")
    answer = bakery.ask("When does the shop open?")
    (group,) = found(bakery)["top"]
    assert {source["title"] for source in answer["sources"]} == {"Opening hours", "The shop"}
    assert {citation["title"] for citation in answer["citations"]} == {"Opening hours"}
    assert (group["outcome"], [page["title"] for page in group["pages"]]) == ("quoted", ["Opening hours"])
    assert "seven in the morning" in group["answer"]
    bakery.signed("POST", "/v1/settings", {"question_days": 0})
    with bakery.database.system() as connection:
        kept = connection.execute("SELECT answer FROM questions WHERE site_id = %s", (bakery.site_id,)).fetchall()
    assert kept == [{"answer": None}]


def test_shares_and_times_are_told_for_each_day(bakery):
    for outcome in ("answered", "quoted", "unsure", "abstained", "failed"):
        asked(bakery, None, outcome, days=0.01)
    bakery.ask("When does the shop open?")
    totals = found(bakery, 7)
    assert (totals["questions"], totals["answered"], totals["unsure"], totals["abstained"]) == (6, 3, 1, 1)
    for name in ("questions", "answered", "unsure", "abstained"):
        assert sum(day[name] for day in totals["by_day"]) == totals[name]
    assert totals["first_word_ms"]["p50"] == totals["by_day"][-1]["first_word_ms"] <= totals["latency_ms"]["p95"]


def test_most_asked_first(bakery):
    for _ in range(3):
        asked(bakery, "When do you open?")
    asked(bakery, "Do you have vegan cakes?")
    assert [(group["question"], group["count"]) for group in found(bakery)["top"]] == [
        ("When do you open?", 3),
        ("Do you have vegan cakes?", 1),
    ]


def test_rates_and_latency(bakery):
    for number in range(1, 21):
        asked(bakery, None, latency_ms=10 * number, rating="up" if number < 4 else None)
    asked(bakery, None, days=3, latency_ms=1, rating="down")
    asked(bakery, None, days=40)
    totals = found(bakery, 7)
    assert (totals["ratings"], totals["latency_ms"]) == ({"up": 3, "down": 1}, {"p50": 100, "p95": 190})
    assert [day["questions"] for day in totals["by_day"] if day["questions"]] in ([1, 20], [1, 1, 19])
    assert (totals["gaps"], totals["top"]) == ([], [])
    assert [found(bakery, days)["questions"] for days in (30, 90)] == [21, 22]


@pytest.mark.parametrize("days", [7, 30, 90])
def test_totals_are_those_of_the_days_shown(bakery, days):
    for hours in (0.01, 24, 24 * (days - 1), 24 * days - 23, 24 * days - 1, 24 * days - 0.01, 24 * days, 24 * days + 1):
        asked(bakery, "Is there parking?", "abstained", days=hours / 24)
    totals = found(bakery, days)
    assert totals["questions"] == sum(day["questions"] for day in totals["by_day"])
    assert totals["gaps"][0]["count"] == totals["top"][0]["count"] == totals["questions"]
    assert 3 <= totals["questions"] <= 6


def test_what_broke_off_is_asked_and_not_answered(bakery):
    for outcome in ("answered", "failed", "left"):
        asked(bakery, "When do you open?", outcome, latency_ms=10 if outcome == "answered" else 9000)
    totals = found(bakery, 7)
    assert (totals["questions"], totals["answered"], totals["by_day"][-1]["answered"]) in ((3, 1, 1), (3, 1, 0))
    assert (totals["gaps"], totals["top"][0]["count"], totals["latency_ms"]["p95"]) == ([], 3, 10)


def test_the_cost_is_all_that_was_spent_on_the_days_shown(bakery, new_site):
    for microusd, days in ((20_000, 0), (5_000, 6), (7_000, 7)):
        spent(bakery, microusd, days)
    spent(new_site(), 1_000)
    asked(bakery, None)
    totals = found(bakery, 7)
    assert totals["cost_usd"] == pytest.approx(0.025)
    costs = [day["cost_usd"] for day in totals["by_day"]]
    assert (costs[0], sum(costs[1:-1]), costs[-1]) == (0.005, 0, 0.02)
    assert found(bakery)["cost_usd"] == pytest.approx(0.032)


def test_nothing_asked_yet(bakery):
    nothing = found(bakery, 90)
    assert (nothing["questions"], nothing["answer_rate"], nothing["latency_ms"]) == (
        0,
        None,
        {"p50": None, "p95": None},
    )
    assert (nothing["cost_usd"], nothing["gaps"], len(nothing["by_day"])) == (0, [], 90)


def test_a_site_sees_its_own_alone(bakery, new_site):
    other = new_site()
    asked(other, "What is the secret of the bank?", "abstained")
    assert found(bakery)["questions"] == 0
    assert "secret" not in json.dumps(found(bakery))


def test_only_the_site_may_look(bakery):
    assert bakery.client.get("/v1/insights").status_code == 401
    visitor = {"Authorization": f"Bearer {bakery.ask_token()}"}
    assert bakery.client.get("/v1/insights", headers=visitor).status_code == 403
    for days in ("0", "8", "91", "x", "", "30%20OR%201"):
        refused = bakery.signed("GET", f"/v1/insights?days={days}")
        assert (refused.status_code, refused.json["error"]["code"]) == (400, "invalid_request")


def test_without_an_embedder_each_wording_stands_alone(bakery, monkeypatch):
    for question in ("Is there parking?", "Can I park nearby?"):
        asked(bakery, question, "abstained")

    class Away:
        name = "away/1"

        def embed(self, texts):
            raise ProviderUnavailable("away")

    embedders = bakery.client.application.extensions["rag_ask"].embedders
    monkeypatch.setattr(embedders, "active", lambda _connection: Away())
    alone = report.of_site(bakery.database, embedders, bakery.site_id, 30)
    assert [gap["count"] for gap in alone["gaps"]] == [1, 1]


def test_the_command_prints_gaps_and_a_chart(run, bakery):
    asked(bakery, "Is there [red]parking[/red]?", "abstained", days=1.5)
    asked(bakery, "When do you open?")
    result = run("insights", bakery.site_id, "--days", "7")
    assert (result.returncode, result.stderr) == (0, "")
    for part in ("2 questions in 7 days: 50% answered", "Content gaps", "1  Is there [red]parking[/red]?", "█"):
        assert part in result.stdout
    assert json.loads(run("insights", bakery.site_id, "--json").stdout)["questions"] == 2
    assert "90 days" in run("insights", bakery.site_id, "--days", "90").stdout
    assert run("insights", "no-such-site").returncode == 1


@pytest.fixture
def old_bakery(bakery):
    """Its pages were stored before anybody asked."""
    with bakery.database.system() as connection:
        connection.execute(
            "UPDATE documents SET stored_at = now() - interval '1 day' WHERE site_id = %s", [bakery.site_id]
        )
    return bakery


def asked_again(site, kind="gaps"):
    return {group["question"]: group["asked_again"] for group in found(site)[kind]}


def test_a_gap_is_asked_again_once_a_page_answers_it(old_bakery):
    asked(old_bakery, "Do you sell gift vouchers?", "abstained")
    asked(old_bakery, "How many moons does Jupiter have?", "unsure")
    nothing_new = {
        "Do you sell gift vouchers?": {"outcome": "abstained", "pages": []},
        "How many moons does Jupiter have?": {"outcome": "unsure", "pages": []},
    }
    assert asked_again(old_bakery) == nothing_new
    url = "https://bakery.example/vouchers/"
    old_bakery.publish(2, 1, "<p>We sell gift vouchers of ten pounds and more.</p>", title="Gift vouchers", url=url)
    pages = [{"title": "Gift vouchers", "url": url}]
    assert asked_again(old_bakery) == nothing_new | {
        "Do you sell gift vouchers?": {"outcome": "answered", "pages": pages}
    }


def test_what_was_there_before_the_question_does_not_answer_it_now(old_bakery):
    asked(old_bakery, "When does the shop open?", "abstained")
    assert asked_again(old_bakery) == {"When does the shop open?": {"outcome": "abstained", "pages": []}}


def test_a_note_of_the_owner_answers_a_gap_and_a_rated_answer(old_bakery):
    asked(old_bakery, "Do you sell gift vouchers?", "abstained")
    asked(old_bakery, "When does the shop open?", "quoted", rating="down")
    for post_id, question in enumerate(["Do you sell gift vouchers?", "When does the shop open?"], 8):
        old_bakery.publish(post_id, 1, "<p>Ask us.</p>", type="rag_ask_note", title=question, url="")
    note = {"outcome": "note", "pages": []}
    assert asked_again(old_bakery) == {"Do you sell gift vouchers?": note}
    assert asked_again(old_bakery, "rated_down") == {"When does the shop open?": note}
