"""The AI connector of a site as answer model: asked back over HTTP, within the budget, with quotes in its place."""

from __future__ import annotations

import contract
import jwt
import pytest

from fakes import site_connector
from rag_ask.providers.chat import site as site_model

QUESTION = "When does the shop open?"
ANSWER = contract.message("generate-response")


@pytest.fixture
def connector():
    with site_connector.serving() as made:
        made.says = (200, ANSWER)
        yield made


@pytest.fixture
def new_site(paid_site, connector):
    def register(**changes):
        wordpress = paid_site(
            **({"answer_model": "site", "chat_model": "", "openai_api_key": "", "file_hosts": "127.0.0.1"} | changes)
        )
        wordpress.urls = [connector.url]
        connector.key = wordpress.key
        wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
        return wordpress

    return register


def test_the_token_is_the_one_of_the_contract():
    expected = contract.message("generate-token")
    kid, key = expected["secret"].split(".")
    claims = expected["claims"]
    made = site_model.sign(claims["iss"], kid, key, expected["body"].encode(), claims["iat"], claims["jti"])
    assert made == expected["token"]
    assert jwt.get_unverified_header(made) == expected["header"]


def spent(wordpress):
    return wordpress.status()["budget"]["spent_usd"]


def test_the_connector_answers_and_is_counted(new_site, connector):
    wordpress = new_site(chat_price_usd=(10.0, 100.0))
    connector.says = (200, {"text": "The shop opens at seven in the morning [1].", "usage": ANSWER["usage"]})
    answer = wordpress.ask(QUESTION)
    assert (answer["outcome"], answer["model"]) == ("answered", "site")
    assert answer["answer"] == "The shop opens at seven in the morning [1]."
    assert (answer["usage"]["input_tokens"], answer["usage"]["output_tokens"]) == (412, 9)
    assert spent(wordpress) == pytest.approx(0.00502)
    heard = connector.heard[0]
    assert heard.keys() == contract.message("generate-request").keys()
    assert [message["role"] for message in heard["messages"]] == ["system", "user"]
    assert "seven in the morning" in heard["messages"][-1]["content"]
    assert (heard["max_output_tokens"], heard["model"]) == (800, "")


@pytest.mark.parametrize(
    "says",
    [
        (403, {"code": "site_model_off"}),
        (404, {"code": "rest_no_route"}),
        (500, b"<html>"),
        (200, b"<html>"),
        (200, {"text": 7}),
        (200, {"text": "x" * 300_000}),
        (302, b""),
    ],
)
def test_quotes_stand_in_for_it(new_site, connector, says):
    wordpress = new_site()
    connector.says = says
    answer = wordpress.ask(QUESTION)
    assert (answer["outcome"], answer["model"]) == ("quoted", "quote")
    assert len(connector.heard) == 1
    assert spent(wordpress) == 0


def test_one_that_does_not_answer_in_time_is_left(new_site, connector, monkeypatch):
    monkeypatch.setattr(site_model, "ANSWER_TIMEOUT_S", 0.3)
    wordpress = new_site()
    connector.may_answer.clear()
    assert wordpress.ask(QUESTION)["outcome"] == "quoted"
    assert len(connector.heard) == 1


def test_one_that_abstains_is_believed(new_site, connector):
    wordpress = new_site()
    connector.says = (200, {"text": "NOT_ON_THIS_SITE", "usage": ANSWER["usage"]})
    assert wordpress.ask(QUESTION)["outcome"] == "abstained"


def test_nothing_is_sent_to_a_private_network_that_is_not_named(new_site, connector):
    assert new_site(file_hosts="").ask(QUESTION)["outcome"] == "quoted"
    assert connector.heard == []


def test_nothing_is_sent_past_the_budget(new_site, connector):
    wordpress = new_site(default_daily_budget_usd=0)
    with wordpress.database.system() as connection:
        connection.execute("UPDATE sites SET daily_budget_usd = 0 WHERE site_id = %s", (wordpress.site_id,))
    assert wordpress.ask(QUESTION)["outcome"] == "budget_exhausted"
    assert connector.heard == []


def test_a_site_without_a_wordpress_gets_quotes(new_site, connector):
    wordpress = new_site()
    with wordpress.database.system() as connection:
        connection.execute(
            "UPDATE sites SET address = '', pushed_origins = '{}' WHERE site_id = %s", (wordpress.site_id,)
        )
    assert wordpress.ask(QUESTION)["outcome"] == "quoted"
    assert connector.heard == []


def test_one_site_that_fails_does_not_silence_another(new_site, connector):
    wordpress = new_site()
    chat = wordpress.client.application.extensions["rag_ask"].line.answerer.chat
    connector.says = (500, b"")
    for _ in range(5):
        wordpress.ask(QUESTION)
    assert not chat.is_available(wordpress.site_id)
    assert chat.is_available("another-site")
