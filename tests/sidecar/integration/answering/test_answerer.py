"""Who answers: the model, or quotes when its provider is out of order or the site's daily budget is used up."""

import json
import threading

import contract
import pytest
from sidecar_processes import until

from fakes import openai_server as play
from rag_ask.db import sites
from rag_ask.db.database import Database
from rag_ask.errors import DatabaseUnavailable, ProviderUnavailable
from rag_ask.providers import usage
from rag_ask.providers.chat import Usage, heartbeat

QUESTION = "When does the shop open?"
SAID = "The shop opens at seven in the morning [1]."


@pytest.fixture
def bakery(paid_site, model_server):
    model_server.text = SAID
    site = paid_site()
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    return site


def events(response):
    frames = [frame for frame in response.text.split("\n\n") if frame and not frame.startswith(":")]
    return [(f.split("\n")[0].removeprefix("event: "), json.loads(f.split("\n")[1][6:])) for f in frames]


def stream(site, question=QUESTION):
    return events(site.post("/v1/ask", {"question": question}, Accept="text/event-stream"))


def budget_of(*, spent, most, owner=None):
    """The budget in a status of a site that began today."""
    return {"spent_usd": spent, "month_usd": spent, "limit_usd": most, "owner_usd": owner, "exhausted_at": None}


def allow(site, usd):
    """As the settings page of the plugin does."""
    message = contract.message("settings-request") | {"daily_budget_usd": usd}
    assert site.signed("POST", "/v1/settings", message).status_code == 200


def limit(database, site, usd):
    with database.system() as connection:
        sites.set_daily_budget(connection, site.site_id, usd)


def spent(database, site):
    with database.system() as connection:
        return connection.execute("SELECT * FROM usage WHERE site_id = %s", (site.site_id,)).fetchone()


def test_an_answer_of_the_model(bakery, database):
    answer = bakery.ask(QUESTION)
    expected = contract.message("ask-response")
    assert answer.keys() == expected.keys()
    assert answer["usage"] == {"input_tokens": 120, "output_tokens": 9, "cached_tokens": 0}
    assert (answer["outcome"], answer["answer"], answer["model"]) == ("answered", SAID, "openai/gpt-4o-mini")
    row = spent(database, bakery)
    # 120 * 0.15 + 9 * 0.60 millionths of a dollar, rounded up.
    assert (row["questions"], row["input_tokens"], row["output_tokens"], row["cost_microusd"]) == (1, 120, 9, 24)
    assert row["reserved_microusd"] == 0


def test_what_streams_is_the_answer(bakery, model_server):
    model_server.text = f"{SAID} It sells hats [1]. Visit https://evil.example now [1]. {SAID}"
    received = stream(bakery)
    streamed = "".join(data["text"] for name, data in received if name == "delta")
    assert streamed == dict(received)["answer"]["answer"] == f"{SAID} {SAID}"


def test_a_model_that_finds_nothing_abstains(bakery, model_server):
    model_server.text = "NOT_ON_THIS_SITE"
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["answer"], answer["citations"]) == ("abstained", "", [])


def test_an_answer_left_with_nothing_abstains(bakery, model_server):
    model_server.text = "The shop opens at nine [1]. Dragons live here [7]."
    assert bakery.ask(QUESTION)["outcome"] == "abstained"


def test_a_failure_before_the_first_word_is_answered_by_quotes(bakery, model_server, database):
    model_server.chat.extend([play.status(500)] * 3)
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["model"]) == ("quoted", "quote")
    assert "seven in the morning" in answer["answer"]
    assert spent(database, bakery)["cost_microusd"] == 0


def test_a_failure_after_the_first_word_is_a_clean_error(bakery, model_server, database):
    model_server.chat.append(play.broken(f"{SAID} ", "And on Sundays it opens"))
    received = stream(bakery)
    assert [name for name, _ in received] == ["sources", "delta", "error"]
    assert received[-1][1]["error"]["code"] == "provider_unavailable"
    # What it cost is not known, so it counts as the most that it can have cost.
    assert spent(database, bakery)["cost_microusd"] > 480
    assert spent(database, bakery)["reserved_microusd"] == 0


def test_after_failures_in_a_row_the_provider_is_left_alone(bakery, model_server):
    model_server.chat.extend([play.status(401)] * 5)
    assert {bakery.ask(QUESTION)["outcome"] for _ in range(5)} == {"quoted"}
    assert len(model_server.requests) == 5
    assert bakery.ask(QUESTION)["outcome"] == "quoted"
    assert len(model_server.requests) == 5


def test_what_the_provider_refuses_is_answered_by_quotes(bakery, model_server, database):
    """As Azure's content filter refuses a question. It says nothing of the next one, which is asked all the same."""
    refusals = [play.status(400, "content_filter"), play.chat("", finish_reason="content_filter"), play.status(422)]
    model_server.chat.extend(refusals * 2)
    for _ in range(6):
        answer = bakery.ask(QUESTION)
        assert (answer["outcome"], answer["model"]) == ("quoted", "quote")
        assert "seven in the morning" in answer["answer"]
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    assert spent(database, bakery)["reserved_microusd"] == 0


def test_the_operators_remedies_stay_in_the_log(bakery, model_server, caplog):
    model_server.chat.append(play.broken(f"{SAID} ", "And on Sundays it opens"))
    error = stream(bakery)[-1][1]["error"]
    assert error == {"code": "provider_unavailable", "message": ProviderUnavailable.public}
    assert "Check OPENAI_BASE_URL" in caplog.text
    assert "OPENAI" not in error["message"]


@pytest.mark.parametrize(
    ("reply", "second"),
    [
        (play.endless(f"{SAID} "), b"event: delta"),
        # Nothing to show yet: a comment is written, which is how a server notices that nobody reads.
        (play.comments("The shop"), b": keep-alive\n\n"),
        (play.comments(), b": keep-alive\n\n"),
    ],
)
def test_a_visitor_who_leaves_is_counted_and_ends_the_request(
    bakery, model_server, database, monkeypatch, reply, second
):
    monkeypatch.setattr(heartbeat, "SIGN_S", 0.2)
    model_server.chat.append(reply)
    response = bakery.client.post(
        "/v1/ask",
        json={"question": QUESTION},
        headers={"Authorization": f"Bearer {bakery.ask_token()}", "Accept": "text/event-stream"},
        buffered=False,
    )
    frames = response.iter_encoded()
    assert next(frames).startswith(b"event: sources")
    assert any(frame.startswith(second) for frame in frames)
    response.close()
    until(lambda: model_server.disconnects == 1)
    assert spent(database, bakery)["cost_microusd"] > 480
    assert spent(database, bakery)["reserved_microusd"] == 0


def test_past_the_daily_budget_answers_are_quotes_and_the_admin_is_told(bakery, database, model_server):
    assert bakery.status()["budget"] == budget_of(spent=0, most=1)
    limit(database, bakery, sites.UNLIMITED)
    assert bakery.status()["budget"] is None
    limit(database, bakery, "0.004")
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    assert bakery.status()["budget"] == budget_of(spent=0.000024, most=0.004)
    limit(database, bakery, "0.0001")
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["model"]) == ("budget_exhausted", "quote")
    assert "seven in the morning" in answer["answer"] and answer["citations"]
    budget = bakery.status()["budget"]
    assert budget.keys() == contract.message("status-response")["budget"].keys()
    assert budget["exhausted_at"].endswith("Z")
    assert len(model_server.requests) == 1


def test_a_day_of_bots_costs_no_more_than_the_default_budget(paid_site, model_server, database):
    """A new visitor of a new network each time, so that the budget alone is in the way."""
    model_server.text = SAID
    site = paid_site(chat_price_usd=(200.0, 200.0))
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    for number in range(60):
        token = site.ask_token(sub=f"bot-{number}", net=f"n-{number}")
        response = site.post("/v1/ask", {"question": QUESTION}, token)
        assert (response.status_code, "seven" in response.json["answer"]) == (200, True)
    assert response.json["outcome"] == "budget_exhausted"
    row = spent(database, site)
    assert row["questions"] == 60
    assert 0 < row["cost_microusd"] <= 1_000_000
    assert len(model_server.requests) * (120 + 9) * 200 == row["cost_microusd"]


def test_many_at_once_never_spend_more_than_the_budget(settings, database, bakery):
    """Threads with connections of their own, as processes have them."""
    limit(database, bakery, "0.001")
    granted = []
    sizes = {"tenant_size": 3, "system_size": 1}
    pools = [Database(settings, **sizes, statement_timeout_s=10) for _ in range(4)]

    def ask_a_lot(pool):
        for _ in range(25):
            try:
                with pool.tenant(bakery.site_id) as connection:
                    reservation = usage.reserve(connection, bakery.site_id, 30)
            except DatabaseUnavailable:
                continue
            if reservation is None:
                continue
            granted.append(30)
            with pool.tenant(bakery.site_id) as connection:
                row = connection.execute("SELECT cost_microusd + reserved_microusd AS all FROM usage").fetchone()
                assert row["all"] <= 1000
            if len(granted) % 3:
                with pool.tenant(bakery.site_id) as connection:
                    usage.settle(connection, bakery.site_id, reservation, Usage(1, 1), 29)

    for pool in pools:
        pool.open()
    threads = [threading.Thread(target=ask_a_lot, args=(pool,)) for pool in pools for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for pool in pools:
        pool.close()
    row = spent(database, bakery)
    assert 33 <= len(granted) <= 34
    assert row["cost_microusd"] + row["reserved_microusd"] <= 1000
    # What is spent would hold one more call; it is what is set aside that does not.
    assert row["exhausted_at"] is None


def reserve(database, site, microusd):
    with database.tenant(site.site_id) as connection:
        return usage.reserve(connection, site.site_id, microusd)


def settle(database, site, reservation, microusd):
    with database.tenant(site.site_id) as connection:
        usage.settle(connection, site.site_id, reservation, Usage(1, 1), microusd)


def test_what_other_calls_set_aside_is_no_alarm(bakery, database, model_server):
    limit(database, bakery, "0.004")
    other = reserve(database, bakery, 3990)
    answer = bakery.ask(QUESTION)
    assert (answer["outcome"], answer["model"]) == ("budget_exhausted", "quote")
    assert bakery.status()["budget"]["exhausted_at"] is None
    settle(database, bakery, other, 20)
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    assert bakery.status()["budget"] == budget_of(spent=0.000044, most=0.004)


def test_the_lower_budget_counts_and_each_side_sets_its_own(bakery, database, run):
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    allow(bakery, 0.0001)
    assert bakery.status()["budget"] == budget_of(spent=0.000024, most=0.0001, owner=0.0001)
    assert bakery.ask(QUESTION)["outcome"] == "budget_exhausted"
    assert bakery.status()["budget"]["exhausted_at"]
    told = run("sites", "budget", bakery.site_id, "50").stdout
    assert "The site's own settings say 0.0001 USD a day, which counts" in told
    assert bakery.ask(QUESTION)["outcome"] == "budget_exhausted"
    allow(bakery, 1)
    assert bakery.status()["budget"]["exhausted_at"] is None
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    limit(database, bakery, "0.0001")
    allow(bakery, 100)
    assert bakery.status()["budget"]["limit_usd"] == 0.0001
    assert bakery.ask(QUESTION)["outcome"] == "budget_exhausted"
    for wrong in (-1, 100_001, "1"):
        assert (
            bakery.signed("POST", "/v1/settings", {"question_days": 30, "daily_budget_usd": wrong}).status_code == 400
        )


def test_the_month_holds_its_days_and_no_other(bakery, database):
    with database.tenant(bakery.site_id) as connection:
        connection.execute(
            "INSERT INTO usage (site_id, day, cost_microusd) SELECT %s, day, 2000000 FROM (VALUES "
            "(date_trunc('month', now() AT TIME ZONE 'utc')::date), "
            "(date_trunc('month', now() AT TIME ZONE 'utc')::date - 1)) AS days (day) "
            "ON CONFLICT (site_id, day) DO UPDATE SET cost_microusd = 2000000",
            (bakery.site_id,),
        )
    assert bakery.status()["budget"]["month_usd"] == 2


def test_a_larger_budget_is_not_exhausted(bakery, database, run):
    limit(database, bakery, "0.0001")
    assert bakery.ask(QUESTION)["outcome"] == "budget_exhausted"
    since = bakery.status()["budget"]["exhausted_at"]
    assert since
    for usd, expected in (("0.00005", since), ("50", None)):
        assert run("sites", "budget", bakery.site_id, usd).returncode == 0
        assert bakery.status()["budget"]["exhausted_at"] == expected
    assert bakery.ask(QUESTION)["outcome"] == "answered"
    limit(database, bakery, "0.0001")
    assert bakery.ask(QUESTION)["outcome"] == "budget_exhausted"
    assert run("sites", "budget", bakery.site_id, "none").returncode == 0
    limit(database, bakery, "0.0001")
    assert bakery.status()["budget"]["exhausted_at"] is None


def test_a_call_that_fits_ends_the_alarm(bakery, database):
    limit(database, bakery, "0.001")
    assert reserve(database, bakery, 1001) is None
    assert bakery.status()["budget"]["exhausted_at"]
    settle(database, bakery, reserve(database, bakery, 1000), 1000)
    assert bakery.status()["budget"]["exhausted_at"] is None
    assert reserve(database, bakery, 1) is None
    assert bakery.status()["budget"]["exhausted_at"]


def test_a_reservation_that_nobody_settled_lapses(database, bakery):
    limit(database, bakery, "0.0001")
    with database.tenant(bakery.site_id) as connection:
        assert usage.reserve(connection, bakery.site_id, 100)
        assert usage.reserve(connection, bakery.site_id, 1) is None
        connection.execute("UPDATE reservations SET lapses_at = now() - interval '1 second'")
    with database.tenant(bakery.site_id) as connection:
        late = usage.reserve(connection, bakery.site_id, 60)
        connection.execute("UPDATE reservations SET lapses_at = now() - interval '1 second'")
    with database.tenant(bakery.site_id) as connection:
        assert usage.reserve(connection, bakery.site_id, 40)
        usage.settle(connection, bakery.site_id, late, Usage(5, 5), 7)
    row = spent(database, bakery)
    assert (row["cost_microusd"], row["reserved_microusd"]) == (7, 40)


def test_no_site_sees_what_another_one_spent(database, bakery, paid_site):
    other = paid_site()
    bakery.ask(QUESTION)
    with database.tenant(other.site_id) as connection:
        assert connection.execute("SELECT * FROM usage").fetchall() == []
        assert connection.execute("SELECT * FROM reservations").fetchall() == []


def test_anthropic_behind_the_same_protocol(paid_site):
    from fakes.anthropic_server import AnthropicServer

    with AnthropicServer() as server:
        server.text = SAID
        model = {"answer_model": "anthropic", "chat_model": "claude-haiku-4-5"}
        site = paid_site(**model, anthropic_api_key="k", anthropic_base_url=server.base_url)
        site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
        answer = site.ask(QUESTION)
    assert (answer["outcome"], answer["answer"], answer["model"]) == ("answered", SAID, "anthropic/claude-haiku-4-5")


def test_an_undecided_sentence_is_marked_by_setting_and_a_contradicted_one_is_not(paid_site, model_server):
    model_server.text = f"{SAID} Lunch awaits you at the harbour [1]. It closes at nine [1]."
    site = paid_site(undecided="mark")
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    assert site.ask(QUESTION)["answer"] == f"{SAID} Lunch awaits you at the harbour [?]."


@pytest.mark.parametrize(("opinion", "rest"), [("1: yes", " Lunch awaits you at the harbour [1]."), ("1: no", "")])
def test_the_model_is_asked_once_for_a_second_opinion(paid_site, model_server, opinion, rest):
    said = f"{SAID} Lunch awaits you at the harbour [1]."
    model_server.chat += [play.chat(said), play.chat(opinion)]
    site = paid_site(second_opinion="model")
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    assert site.ask(QUESTION)["answer"] == f"{SAID}{rest}"
    assert len([one for one in model_server.requests if "messages" in one.body]) == 2
