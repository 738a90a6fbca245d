"""POST /v1/chat/completions: the client library of OpenAI asks a real server, streamed and not."""

import json
import threading

import contract
import openai
import pytest
from werkzeug.serving import make_server

from fakes.openai_server import broken
from rag_ask.answering.conversation import MAX_TURNS
from rag_ask.api.answer_markdown import NO_ANSWER, NOT_SURE
from rag_ask.api.chat_completion import Chat, completion, question_and_turns
from rag_ask.db import api_keys
from rag_ask.errors import BadRequest

QUESTION = "When does the shop open?"
HOURS = "https://bakery.example/hours/"


@pytest.fixture
def bakery(wordpress):
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening [hours]", url=HOURS)
    wordpress.publish(2, 1, "<p>Sourdough loaves cost four pounds.</p>", title="Prices")
    return wordpress


def new_key(site, scopes=("ask",)):
    with site.database.system() as connection:
        return api_keys.add(connection, site.site_id, "a widget", scopes, None)


@pytest.fixture
def client_for():
    """A function from a site to a client of OpenAI that asks it over HTTP."""
    servers = []

    def make(site, **options):
        servers.append(make_server("127.0.0.1", 0, site.client.application, threaded=True))
        threading.Thread(target=servers[-1].serve_forever).start()
        base_url = f"http://127.0.0.1:{servers[-1].port}/v1"
        return openai.OpenAI(**({"api_key": new_key(site), "base_url": base_url, "max_retries": 0} | options))

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


def say(*texts):
    roles = ("user", "assistant")
    return [{"role": roles[index % 2], "content": text} for index, text in enumerate(texts)]


def test_the_client_of_openai_gets_an_answer_with_its_sources(bakery, client_for):
    with client_for(bakery) as client:
        assert [model.id for model in client.models.list()] == ["rag-ask"]
        answer = client.chat.completions.create(model="rag-ask", messages=say(QUESTION), temperature=0.2)
    text = answer.choices[0].message.content
    assert text.startswith("The shop opens at seven in the morning [1].")
    assert text.endswith(f"\n\n[1] [Opening \\[hours\\]]({HOURS})")
    assert (answer.choices[0].finish_reason, answer.model) == ("stop", "rag-ask")
    assert answer.model_extra["outcome"] == "quoted"
    assert answer.model_extra["citations"][0]["quote"] == "The shop opens at seven in the morning."
    assert answer.to_dict().keys() == contract.message("chat-response").keys()


def test_a_stream_is_the_same_in_pieces(bakery, client_for):
    with client_for(bakery) as client:
        whole = client.chat.completions.create(model="rag-ask", messages=say(QUESTION))
        stream = client.chat.completions.create(
            model="rag-ask", messages=say(QUESTION), stream=True, stream_options={"include_usage": True}
        )
        chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-2].model_extra["citations"] == whole.model_extra["citations"]
    assert chunks[-1].usage == whole.usage
    written = contract.message("chat-stream")["chunks"]
    assert chunks[0].to_dict().keys() == written[0].keys()
    assert chunks[-2].to_dict().keys() == written[-1].keys()


def test_without_an_answer_it_says_so(bakery, client_for):
    with client_for(bakery) as client:
        ask = {"model": "rag-ask", "messages": say("How many moons does Jupiter have?")}
        answer = client.chat.completions.create(**ask)
        chunks = list(client.chat.completions.create(**ask, stream=True))
    assert answer.choices[0].message.content.startswith(NO_ANSWER)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == answer.choices[0].message.content
    assert answer.model_extra["outcome"] == "abstained"


def test_errors_are_those_of_openai_with_our_codes(bakery, client_for):
    key = new_key(bakery)
    with client_for(bakery, api_key=bakery.ask_token()) as client:
        with pytest.raises(openai.AuthenticationError) as refused:
            client.chat.completions.create(model="rag-ask", messages=say(QUESTION))
        assert (refused.value.code, refused.value.type) == ("api_key_invalid", "authentication_error")
        client.api_key = new_key(bakery, ["search"])
        with pytest.raises(openai.PermissionDeniedError) as refused:
            client.chat.completions.create(model="rag-ask", messages=say(QUESTION))
        assert refused.value.code == "api_key_scope"
        client.api_key = key
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(model="gpt-5", messages=say(QUESTION))
        assert (refused.value.code, refused.value.type) == ("invalid_request", "invalid_request_error")
        with pytest.raises(openai.PermissionDeniedError) as refused:
            client.chat.completions.create(
                model="rag-ask", messages=say(QUESTION), extra_headers={"Origin": "https://a.example"}
            )
        assert refused.value.code == "api_key_in_browser"


def test_a_key_has_its_limit(paid_site, client_for):
    site = paid_site(answer_model="quote", key_limits="1 per minute")
    with client_for(site) as client:
        client.chat.completions.create(model="rag-ask", messages=say(QUESTION))
        with pytest.raises(openai.RateLimitError) as refused:
            client.chat.completions.create(model="rag-ask", messages=say(QUESTION), stream=True)
    assert (refused.value.code, refused.value.type) == ("rate_limited", "rate_limit_error")
    assert int(refused.value.response.headers["Retry-After"]) > 0


def test_a_follow_up_finds_by_the_question_before(bakery, client_for):
    with client_for(bakery) as client:
        messages = say("What do sourdough loaves cost?", "Four pounds [1].", "And for two?")
        answer = client.chat.completions.create(model="rag-ask", messages=messages)
    assert answer.model_extra["citations"][0]["title"] == "Prices"


def test_a_key_may_come_as_x_api_key(bakery):
    body = {"model": "rag-ask", "messages": say(QUESTION)}
    response = bakery.client.post("/v1/chat/completions", json=body, headers={"X-API-Key": new_key(bakery)})
    assert response.status_code == 200
    assert bakery.client.post("/v1/chat/completions", json=body).status_code == 401


def test_a_model_that_breaks_off_ends_the_stream_with_an_error(paid_site, model_server, client_for):
    site = paid_site()
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    model_server.chat.append(broken("The shop opens at seven in the morning [1]. ", "And on Sundays it opens"))
    with client_for(site) as client, pytest.raises(openai.APIError) as raised:
        list(client.chat.completions.create(model="rag-ask", messages=say(QUESTION), stream=True))
    assert (raised.value.code, raised.value.type) == ("provider_unavailable", "server_error")


def read(*messages):
    return question_and_turns(Chat.model_validate({"model": "rag-ask", "messages": messages}).messages)


def test_only_the_last_turns_are_read_and_no_more_of_them_than_of_a_signed_conversation():
    texts = [
        text for number in range(5) for text in (f"Question {number} " + "x" * 600, f"Answer {number} " + "y" * 600)
    ]
    question, turns = read({"role": "system", "content": "Obey."}, *say(*texts, "And now?"))
    assert question == "And now?"
    assert [turn.question[:10] for turn in turns] == ["Question 2", "Question 3", "Question 4"]
    assert len(turns) == MAX_TURNS
    assert {(len(turn.question), len(turn.answer)) for turn in turns} == {(500, 400)}


def test_texts_come_in_parts_too_and_no_answer_is_none():
    parts = [{"type": "text", "text": "When?"}, {"type": "image_url", "image_url": {"url": "x"}}]
    question, turns = read(
        *say("Where is Mars?", NO_ANSWER + "\n", "And Venus?", NOT_SURE + " x"), {"role": "user", "content": parts}
    )
    assert question.strip() == "When?"
    assert [(turn.question, turn.answer) for turn in turns] == [("Where is Mars?", ""), ("And Venus?", "")]
    with pytest.raises(BadRequest, match="no message of the user"):
        read({"role": "assistant", "content": "Hello"})


def test_the_contract_is_made_of_the_answer_of_the_contract():
    made = completion(contract.message("ask-response")) | {"created": contract.message("chat-response")["created"]}
    assert made == contract.message("chat-response")


def test_what_may_help_is_said_to_be_unsure():
    text = completion(contract.message("ask-unsure"))["choices"][0]["message"]["content"]
    assert text.startswith(f"{NOT_SURE}\nShop\nWe open at seven.\n")
    assert text.endswith("\n\n[1] [Opening hours](http://localhost:8888/opening-hours/)")


def test_pages_are_named_where_there_is_no_answer():
    text = completion(contract.message("ask-abstained"))["choices"][0]["message"]["content"]
    assert text == (
        f"{NO_ANSWER}\n\n- [Opening hours](http://localhost:8888/opening-hours/)\n"
        "- [Find us](http://localhost:8888/find-us/)"
    )


def test_the_bytes_of_the_stream_are_its_chunks():
    written = contract.message("chat-stream")
    frames = [frame for frame in written["bytes"].split("\n\n") if frame and not frame.startswith(":")]
    assert [json.loads(frame[6:]) for frame in frames[:-1]] == written["chunks"]
    assert frames[-1] == "data: [DONE]"
