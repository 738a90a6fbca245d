from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes import anthropic_server as play
from fakes import openai_server
from fakes.anthropic_server import AnthropicServer, message, status
from fakes.openai_behaviours import PATIENCE_S
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.providers.chat import Usage
from rag_ask.providers.chat.anthropic import AnthropicAnswerModel

MESSAGES = ({"role": "system", "content": "Answer."}, {"role": "user", "content": "When do you open?"})


@pytest.fixture
def server() -> Iterator[AnthropicServer]:
    with AnthropicServer() as server:
        yield server


def model(server: AnthropicServer, first_s: float = 15.0, total_s: float = 60.0) -> AnthropicAnswerModel:
    return AnthropicAnswerModel("claude-haiku-4-5", "sk-key", server.base_url, first_s, total_s, 800, 0.01)


def answer(made: AnthropicAnswerModel) -> tuple[str, Usage]:
    *texts, usage = made.stream(MESSAGES)
    assert isinstance(usage, Usage)
    return "".join(map(str, texts)), usage


def test_streams_the_text_and_then_the_usage(server: AnthropicServer) -> None:
    server.messages.append(message(["We open ", "at seven", " [1]. 🥖"], thought="Hours, I see."))
    parts = list(model(server).stream(MESSAGES))
    assert parts == ["We open ", "at seven", " [1]. 🥖", Usage(input_tokens=120, output_tokens=9)]


def test_says_what_the_protocol_asks_for(server: AnthropicServer) -> None:
    made = model(server)
    assert made.name == "anthropic/claude-haiku-4-5"
    answer(made)
    (request,) = server.requests
    assert request.path == "/v1/messages"
    assert request.headers["authorization"] == "Bearer sk-key"
    assert request.body == {
        "model": "claude-haiku-4-5",
        "max_tokens": 800,
        "system": [{"type": "text", "text": "Answer.", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": "When do you open?"}],
        "stream": True,
    }


def test_what_the_cache_of_prompts_took_part_in_is_counted(server: AnthropicServer) -> None:
    usage = {"cache_creation_input_tokens": 30, "cache_read_input_tokens": 1000}
    server.messages.append(message("At seven.", usage=usage))
    assert answer(model(server))[1] == Usage(1150, 9, cached_tokens=1000, cache_write_tokens=30)


def test_the_abstain_word_is_no_text(server: AnthropicServer) -> None:
    server.messages.append(message(["NOT_ON", "_THIS_SITE"]))
    assert answer(model(server)) == ("", Usage(120, 9))


@pytest.mark.parametrize(
    "failure",
    [status(429, "rate_limit_error"), status(529, "overloaded_error"), status(500, "api_error", retry_after="0.01")],
)
def test_a_failure_before_the_first_word_is_tried_again(server: AnthropicServer, failure: play.Behaviour) -> None:
    server.messages.extend([failure, failure])
    assert answer(model(server))[0] == server.text
    assert len(server.requests) == 3
    server.messages.extend([failure] * 3)
    with pytest.raises(ProviderUnavailable, match="busy or failing"):
        answer(model(server))
    assert len(server.requests) == 6


def test_a_long_retry_after_is_handed_on_instead_of_waited_for(server: AnthropicServer) -> None:
    server.messages.append(status(429, "rate_limit_error", retry_after="20"))
    with pytest.raises(ProviderUnavailable) as caught:
        answer(model(server))
    assert (caught.value.retry_after_s, len(server.requests)) == (20, 1)


def test_a_wrong_key_is_named_without_showing_it(server: AnthropicServer) -> None:
    server.messages.append(status(401, "authentication_error"))
    with pytest.raises(ProviderUnavailable, match=r"401 authentication_error.*ANTHROPIC_API_KEY") as caught:
        answer(model(server))
    assert "sk-key" not in caught.value.message


def test_a_request_that_is_refused_is_not_tried_again(server: AnthropicServer) -> None:
    server.messages.append(status(400, "invalid_request_error"))
    with pytest.raises(ProviderRejected, match="invalid_request_error"):
        answer(model(server))
    assert len(server.requests) == 1


@pytest.mark.parametrize("failure", [play.error_event("We "), message("We ", stop=False)])
def test_nothing_is_tried_again_after_the_first_word(server: AnthropicServer, failure: play.Behaviour) -> None:
    server.messages.append(failure)
    parts = model(server).stream(MESSAGES)
    assert next(parts) == "We "
    with pytest.raises(ProviderUnavailable):
        next(parts)
    assert len(server.requests) == 1


@pytest.mark.parametrize("silence", [play.pings(), openai_server.hang()])
def test_the_first_word_must_come_in_time(server: AnthropicServer, silence: play.Behaviour) -> None:
    server.messages.append(silence)
    with pytest.raises(ProviderUnavailable, match=r"in time|too long"):
        answer(model(server, first_s=0.2, total_s=10 * PATIENCE_S))


def test_the_whole_answer_must_come_in_time(server: AnthropicServer) -> None:
    server.messages.append(play.pings("We open "))
    with pytest.raises(ProviderUnavailable, match="too long"):
        answer(model(server, first_s=0.3, total_s=0.3))


def test_a_refusal_and_a_thoughtful_silence_are_named(server: AnthropicServer) -> None:
    server.messages.append(message("", stop_reason="refusal"))
    with pytest.raises(ProviderRejected, match="filter"):
        answer(model(server))
    server.messages.append(message("", stop_reason="max_tokens", thought="Hm."))
    with pytest.raises(ProviderRejected, match="before the first word"):
        answer(model(server))


@pytest.mark.parametrize(
    "garbage",
    [
        openai_server.events({"type": "content_block_delta"}),
        openai_server.events({"type": "content_block_delta", "delta": {"type": "text_delta", "text": 7}}),
        openai_server.events({"no": "type"}),
        openai_server.events("{"),
        openai_server.garbage(b"<html>It works!</html>", "text/html"),
        openai_server.garbage(b""),
    ],
)
def test_anything_but_the_protocol_is_an_error(server: AnthropicServer, garbage: play.Behaviour) -> None:
    server.messages.append(garbage)
    with pytest.raises(ProviderUnavailable):
        answer(model(server))


def test_one_short_text_with_one_try(server: AnthropicServer) -> None:
    messages = ({"role": "user", "content": "Say it again."},)
    assert "".join(map(str, list(model(server).complete(messages, 50, 2.0))[:-1])) == server.text
    assert server.requests[0].body["max_tokens"] == 50
    server.messages.append(status(529, "overloaded_error"))
    with pytest.raises(ProviderUnavailable):
        list(model(server).complete(messages, 50, 2.0))
    assert len(server.requests) == 2
