"""A conversation: signed by the sidecar, carried by the visitor, refused when it is forged, expired or another's."""

import time

import contract
import jwt
import pytest

from fakes import openai_server as play
from fakes.wordpress import SECRET
from rag_ask.answering import conversation
from rag_ask.answering.conversation import Turn
from rag_ask.tenant import Site, Visitor

COURSE = "<p>The sourdough course takes place in February and costs 85 pounds.</p>"
HOURS = "<p>The shop opens at seven in the morning. A loaf costs four pounds.</p>"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, COURSE, title="Courses")
    wordpress.publish(2, 1, HOURS, title="Shop")
    return wordpress


def visitor(site_id="one", subject="v1"):
    return Visitor(Site(site_id, site_id, ()), subject, ("public",), "en")


def refused(site, token, **claims):
    response = site.post("/v1/ask", {"question": "And the price?", "conversation": token}, site.ask_token(**claims))
    assert response.json["error"]["code"] == "conversation_invalid"
    assert "new one" in response.json["error"]["message"]
    return response.status_code


def test_the_last_three_turns_come_back():
    token, turns = "", ()
    for number in range(5):
        token = conversation.sign(SECRET, visitor(), turns, f"q{number}", f"a{number} " * 200)
        turns = conversation.verify(SECRET, visitor(), token)
    assert [turn.question for turn in turns] == ["q2", "q3", "q4"]
    assert all(len(turn.answer) == conversation.MAX_ANSWER_CHARACTERS for turn in turns)
    assert conversation.verify(SECRET, visitor(), "") == ()


def test_the_longest_conversation_still_comes_back():
    turns = [Turn("🥐" * 500, "🥐" * 400)] * 3
    token = conversation.sign(SECRET, visitor(), turns, "🥐" * 500, "🥐" * 900)
    assert len(token) <= conversation.MAX_TOKEN_CHARACTERS
    assert len(conversation.verify(SECRET, visitor(), token)) == 3


def test_a_follow_up_is_understood(bakery):
    first = bakery.ask("When does the sourdough course take place?")
    assert first.keys() == contract.message("ask-response").keys()
    answer = bakery.ask("And how much is it?", conversation=first["conversation"])
    assert answer["citations"][0]["title"] == "Courses"
    assert "85 pounds" in answer["answer"]


@pytest.mark.parametrize("keyword", ["parking", "Parking?", "gift vouchers", "thanks!"])
def test_a_keyword_is_not_taken_for_a_follow_up(bakery, keyword):
    bakery.publish(3, 1, "<p>There is no parking at the mill. Use the one in Mill Street.</p>", title="Getting here")
    bakery.publish(4, 1, "<p>Gift vouchers can be bought at the counter.</p>", title="Gift vouchers")
    first = bakery.ask("When does the sourdough course take place?")
    answer = bakery.ask(keyword, conversation=first["conversation"])
    assert answer["answer"] == bakery.ask(keyword)["answer"]
    assert "sourdough" not in answer["answer"]


def test_forged_expired_and_foreign_conversations_are_refused(bakery, new_site):
    token = bakery.ask("When does the sourdough course take place?")["conversation"]
    status = contract.message("errors")["status_by_code"]["conversation_invalid"]
    claims = jwt.decode(token, options={"verify_signature": False})
    key = conversation._key(SECRET, bakery.site_id)
    old = jwt.encode(claims | {"exp": int(time.time()) - 1}, key, "HS256")
    other_kind = jwt.encode(claims | {"aud": "rag-ask:ask"}, key, "HS256")
    forged = jwt.encode(claims, "k" * 32, "HS256")
    unsigned = jwt.encode(claims, None, "none")
    for bad in (old, other_kind, forged, unsigned, "x", token[:-2], "x" * 30_000):
        assert refused(bakery, bad) == status
    assert refused(bakery, token, sub="v2") == status
    assert refused(new_site(), token) == status


def test_a_conversation_is_no_token(bakery):
    token = bakery.ask("When does the sourdough course take place?")["conversation"]
    response = bakery.post("/v1/ask", {"question": "And the price?"}, token)
    assert response.status_code == 401


def test_with_a_model_the_question_is_written_anew(paid_site, model_server):
    site = paid_site()
    site.publish(1, 1, COURSE, title="Courses")
    site.publish(2, 1, HOURS, title="Shop")
    model_server.chat.append(play.chat("It takes place in February [1]."))
    first = site.ask("When does the sourdough course take place?")
    model_server.chat.append(play.chat("How much is the sourdough course?"))
    model_server.chat.append(play.chat("The sourdough course costs 85 pounds [1]."))
    second = site.ask("And how much is it?", conversation=first["conversation"])
    rewrite, answer = model_server.requests[1:]
    assert "Question: When does the sourdough course take place?" in rewrite.body["messages"][1]["content"]
    assert "Last question: And how much is it?" in rewrite.body["messages"][1]["content"]
    assert rewrite.body["max_tokens"] == 120
    assert "Question: How much is the sourdough course?" in answer.body["messages"][1]["content"]
    assert second["answer"] == "The sourdough course costs 85 pounds [1]."
    turns = jwt.decode(second["conversation"], options={"verify_signature": False})["turns"]
    assert [turn["question"] for turn in turns] == [
        "When does the sourdough course take place?",
        "How much is the sourdough course?",
    ]


@pytest.mark.parametrize("failure", [play.status(500), play.chat("x" * 600), play.chat(""), play.broken("How")])
def test_a_model_that_cannot_write_it_anew_leaves_it_to_the_terms(paid_site, model_server, failure):
    site = paid_site()
    site.publish(1, 1, COURSE, title="Courses")
    model_server.chat.append(play.chat("It takes place in February [1]."))
    first = site.ask("When does the sourdough course take place?")
    model_server.chat.append(failure)
    site.ask("And how much is it?", conversation=first["conversation"])
    assert "Question: And how much is it? (sourdough course" in model_server.requests[-1].body["messages"][1]["content"]
