from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sidecar_processes import until

from fakes import openai_server as play
from fakes.openai_behaviours import PATIENCE_S
from fakes.openai_server import OpenAIServer, chat, chunk
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.providers.chat import Usage, heartbeat
from rag_ask.providers.chat.base import without_abstention
from rag_ask.providers.chat.openai import OpenAIAnswerModel

# Longer than the server waits: what ends sooner was ended by the limit under test.
NEVER_S = 10 * PATIENCE_S
MESSAGES = ({"role": "system", "content": "Answer."}, {"role": "user", "content": "When do you open?"})


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def model(server: OpenAIServer, first_s: float = 15.0, total_s: float = 60.0, tokens: int = 800) -> OpenAIAnswerModel:
    return OpenAIAnswerModel("gpt-4o-mini", "sk-key", server.base_url, first_s, total_s, tokens, retry_pause_s=0.01)


def answer(made: OpenAIAnswerModel) -> tuple[list[str], Usage]:
    *texts, usage = made.stream(MESSAGES)
    assert isinstance(usage, Usage)
    return [str(text) for text in texts], usage


def test_streams_the_text_and_then_the_usage(server: OpenAIServer) -> None:
    server.chat.append(chat("We open at seven [1].\n\nパン屋 🥖 [2]."))
    texts, usage = answer(model(server))
    assert "".join(texts) == "We open at seven [1].\n\nパン屋 🥖 [2]."
    assert len(texts) > 3
    assert usage == Usage(input_tokens=120, output_tokens=9)


def test_says_what_the_protocol_asks_for(server: OpenAIServer) -> None:
    made = model(server, tokens=321)
    assert made.name == "openai/gpt-4o-mini"
    answer(made)
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer sk-key"
    assert request.body == {
        "model": "gpt-4o-mini",
        "messages": list(MESSAGES),
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": 321,
    }


def test_hands_on_each_word_when_it_comes(server: OpenAIServer) -> None:
    server.chat.append(play.hang("We open ", "at seven"))
    parts = model(server, first_s=2.0, total_s=NEVER_S).stream(MESSAGES)
    assert [next(parts), next(parts)] == ["We open ", "at seven"]
    with pytest.raises(ProviderUnavailable, match="in time"):
        list(parts)


def test_a_line_separator_inside_the_text_does_not_cut_it(server: OpenAIServer) -> None:
    server.chat.append(chat(["We\u2028open\x85at\x0bseven"]))
    assert answer(model(server))[0] == ["We\u2028open\x85at\x0bseven"]


def test_usage_is_estimated_when_the_server_does_not_count(server: OpenAIServer) -> None:
    server.chat.append(chat("We open at seven [1].", usage=False))
    assert answer(model(server))[1] == Usage(input_tokens=7, output_tokens=6)


@pytest.mark.parametrize(("refused", "rest"), [("temperature", "stream_options"), ("stream_options", "temperature")])
def test_an_option_that_the_server_refuses_is_left_out(server: OpenAIServer, refused: str, rest: str) -> None:
    server.chat.append(play.status(400, message=f"Unsupported parameter: '{refused}'"))
    made = model(server)
    assert answer(made)[0]
    assert answer(made)[0]
    assert [refused in request.body for request in server.requests] == [True, False, False]
    assert all(rest in request.body for request in server.requests)


def test_the_other_name_of_the_limit_is_tried(server: OpenAIServer) -> None:
    complaint = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'."
    server.chat.extend([play.status(400, message=complaint), play.status(400, message="'temperature' must be 1")])
    made = model(server)
    assert answer(made)[0]
    assert answer(made)[0]
    last = server.requests[-1].body
    assert (last["max_completion_tokens"], "max_tokens" in last, "temperature" in last) == (800, False, False)
    assert len(server.requests) == 4


def test_tokens_from_the_cache_of_prompts_are_counted(server: OpenAIServer) -> None:
    usage = {"prompt_tokens": 1500, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 1024}}
    server.chat.append(play.events(chunk("At seven."), chunk(finish_reason="stop"), chunk(choices=[], usage=usage)))
    assert answer(model(server))[1] == Usage(1500, 9, cached_tokens=1024)


def test_the_first_chunk_of_azure_has_no_choices(server: OpenAIServer) -> None:
    filters = {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]}
    server.chat.append(play.events(filters, chunk("At seven."), chunk(finish_reason="stop"), "[DONE]"))
    assert "".join(answer(model(server))[0]) == "At seven."


def test_a_server_of_ones_own_needs_no_key(server: OpenAIServer) -> None:
    made = OpenAIAnswerModel("llama3.2", "", server.base_url, 2.0, 4.0)
    server.chat.append(chat("We open at seven [1].", usage=False, done=False))
    assert "".join(answer(made)[0]) == "We open at seven [1]."


@pytest.mark.parametrize(
    "failure",
    [
        play.status(429),
        play.status(500),
        play.status(503, retry_after="0.01"),
        play.broken(),
        play.half_body(),
    ],
)
def test_a_failure_before_the_first_word_is_tried_again(server: OpenAIServer, failure: play.Behaviour) -> None:
    server.chat.extend([failure, failure])
    assert "".join(answer(model(server))[0]) == server.text
    assert len(server.requests) == 3


@pytest.mark.parametrize("failure", [play.status(429, "rate_limit_exceeded"), play.status(502), play.broken()])
def test_gives_up_after_two_more_tries(server: OpenAIServer, failure: play.Behaviour) -> None:
    server.chat.extend([failure] * 5)
    with pytest.raises(ProviderUnavailable):
        answer(model(server))
    assert len(server.requests) == 3


def test_a_long_retry_after_is_handed_on_instead_of_waited_for(server: OpenAIServer) -> None:
    server.chat.append(play.status(429, retry_after="20"))
    with pytest.raises(ProviderUnavailable) as caught:
        answer(model(server))
    assert caught.value.retry_after_s == 20
    assert len(server.requests) == 1


def test_nothing_is_tried_again_after_the_first_word(server: OpenAIServer) -> None:
    server.chat.append(play.broken("We open ", "at "))
    parts = model(server).stream(MESSAGES)
    assert [next(parts), next(parts)] == ["We open ", "at "]
    with pytest.raises(ProviderUnavailable, match="connection"):
        next(parts)
    assert len(server.requests) == 1


@pytest.mark.parametrize("silence", [play.hang(), play.comments(), play.hang(""), play.comments("")])
def test_the_first_word_must_come_in_time(server: OpenAIServer, silence: play.Behaviour) -> None:
    server.chat.append(silence)
    with pytest.raises(ProviderUnavailable, match=r"in time|too long"):
        answer(model(server, first_s=0.2, total_s=NEVER_S))
    assert len(server.requests) == 1


@pytest.mark.parametrize("slow", [play.endless(), play.comments("We open ")])
def test_the_whole_answer_must_come_in_time(server: OpenAIServer, slow: play.Behaviour) -> None:
    server.chat.append(slow)
    with pytest.raises(ProviderUnavailable, match="too long"):
        answer(model(server, first_s=NEVER_S, total_s=0.3, tokens=10_000_000))


def test_a_silence_ends_with_the_time_for_the_whole_answer(server: OpenAIServer) -> None:
    server.chat.append(play.hang("We open "))
    started = time.monotonic()
    with pytest.raises(ProviderUnavailable, match="too long"):
        answer(model(server, first_s=NEVER_S, total_s=0.5))
    assert time.monotonic() - started >= 0.5


def test_a_short_text_comes_in_time_or_not_at_all(server: OpenAIServer) -> None:
    server.chat.append(play.hang("We open "))
    with pytest.raises(ProviderUnavailable, match="too long"):
        list(model(server, first_s=NEVER_S, total_s=NEVER_S).complete(MESSAGES, 20, 0.5))


@pytest.mark.parametrize("said", [[], ["We open "]])
def test_while_the_model_is_silent_there_are_signs_of_life(
    server: OpenAIServer, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SIGN_S", 0.1)
    server.chat.append(play.hang(*said))
    parts = model(server).stream(MESSAGES)
    heard: list[str | Usage] = []
    while heard.count("") < 3 or [part for part in heard if part] != said:
        heard.append(next(parts))


def test_nothing_is_tried_again_for_a_visitor_who_left(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "SIGN_S", 0.1)
    left = threading.Event()
    # The pause before the next try ends when the visitor has left.
    monkeypatch.setattr("rag_ask.providers.http_errors.time.sleep", lambda _pause_s: left.wait(60))
    server.chat.append(play.status(503, retry_after="0.4"))
    parts = model(server, first_s=NEVER_S, total_s=NEVER_S).stream(MESSAGES)
    assert next(parts) == ""
    (reader,) = [thread for thread in threading.enumerate() if thread.name == "reply"]
    parts.close()  # type: ignore[attr-defined]
    left.set()
    reader.join(60)
    assert (reader.is_alive(), len(server.requests)) == (False, 1)


def test_a_server_that_ignores_the_limit_is_stopped(server: OpenAIServer) -> None:
    server.chat.append(play.endless("word "))
    texts, _ = answer(model(server, tokens=10))
    assert len(texts) == 17
    until(lambda: server.disconnects)
    assert server.disconnects == 1


@pytest.mark.parametrize("end", [{"finish_reason": None}, {"done": False}])
def test_either_mark_of_an_end_is_enough(server: OpenAIServer, end: dict[str, bool]) -> None:
    server.chat.append(chat("At seven [1].", **end))
    assert "".join(answer(model(server))[0]) == "At seven [1]."


def test_a_break_after_the_end_costs_only_the_count(server: OpenAIServer) -> None:
    def play_it(handler: play.Handler, body: dict[str, object]) -> None:
        handler.start_stream()
        handler.send_event(chunk("At seven [1]."))
        handler.send_event(chunk(finish_reason="stop"))
        handler.close_connection = True

    server.chat.append(play_it)
    assert answer(model(server)) == (["At seven [1]."], Usage(input_tokens=7, output_tokens=4))


@pytest.mark.parametrize("text", ["At seven", "NOT_ON_THIS_SITE", ""])
def test_a_stream_without_an_end_is_not_an_answer(server: OpenAIServer, text: str) -> None:
    server.chat.append(chat(text, finish_reason=None, done=False))
    with pytest.raises(ProviderUnavailable, match="cut"):
        answer(model(server))


@pytest.mark.parametrize(
    "word",
    [
        ["NOT_ON_THIS_SITE"],
        ["NOT", "_ON", "_THIS", "_SITE"],
        ["", " \n", "**NOT_ON", "_THIS_SITE**"],
        ["`not_on_this_site`", " The sources say nothing."],
        list("NOT_ON_THIS_SITE."),
    ],
)
def test_the_abstain_word_is_no_text(server: OpenAIServer, word: list[str]) -> None:
    server.chat.append(chat(word))
    assert answer(model(server)) == ([], Usage(input_tokens=120, output_tokens=9))


@pytest.mark.parametrize("nothing", [[], ["", ""], [" \n"]])
def test_nothing_is_no_text(server: OpenAIServer, nothing: list[str]) -> None:
    server.chat.append(chat(nothing))
    assert answer(model(server)) == ([], Usage(input_tokens=120, output_tokens=9))


@pytest.mark.parametrize(
    ("deltas", "expected"),
    [
        (["No", ", we", " close."], ["No, we", " close."]),
        (["N", "OT", " ON", " Sundays."], ["NOT ON", " Sundays."]),
        (["NOT_ON_THIS"], ["NOT_ON_THIS"]),
        (["**Seven**", " [1]"], ["**Seven**", " [1]"]),
        (["\n", "Seven"], ["\nSeven"]),
    ],
)
def test_what_only_starts_like_the_abstain_word_is_shown(deltas: list[str], expected: list[str]) -> None:
    assert list(without_abstention(iter(deltas))) == expected


@pytest.mark.parametrize(
    "garbage",
    [
        play.events("{not json"),
        play.events("[1, 2]"),
        play.events("null"),
        play.events({"choices": [7]}),
        play.events({"choices": "no"}),
        play.events({"choices": [{"delta": {"content": ["a"]}}]}),
        play.events({"choices": [], "usage": {"prompt_tokens": "x"}}),
        play.events({"error": {"message": "The server had an error", "code": "server_error"}}),
        play.events(chunk("At "), "{"),
        play.garbage(b"<html>It works!</html>", "text/html"),
        play.garbage(b'{"choices": [{"message": {"content": "At seven."}}]}'),
        play.garbage(b""),
        play.garbage(b"x" * 1_100_000, "text/event-stream"),
    ],
)
def test_garbage_is_never_taken_for_an_answer(server: OpenAIServer, garbage: play.Behaviour) -> None:
    server.chat.append(garbage)
    with pytest.raises(ProviderUnavailable):
        answer(model(server))


@pytest.mark.parametrize("code", [400, 413, 422])
def test_a_refused_question_is_not_sent_again(server: OpenAIServer, code: int) -> None:
    server.chat.append(play.status(code, "context_length_exceeded"))
    with pytest.raises(ProviderRejected, match="context_length_exceeded"):
        answer(model(server))
    assert len(server.requests) == 1


def test_a_wrong_key_is_named_without_showing_it(server: OpenAIServer) -> None:
    server.chat.append(play.status(401, "invalid_api_key", message="Incorrect API key provided: sk-key"))
    with pytest.raises(ProviderUnavailable, match="OPENAI_API_KEY") as caught:
        answer(model(server))
    assert "sk-key" not in caught.value.message


def test_a_filtered_answer_is_rejected(server: OpenAIServer) -> None:
    server.chat.append(chat("We ", finish_reason="content_filter"))
    with pytest.raises(ProviderRejected, match="filter"):
        answer(model(server))


def test_a_model_that_only_thought_is_not_an_abstention(server: OpenAIServer) -> None:
    server.chat.append(chat("", finish_reason="length"))
    with pytest.raises(ProviderRejected, match="before the first word"):
        answer(model(server))


@pytest.mark.parametrize("reply", [play.endless(), play.comments("We ")])
def test_a_visitor_who_leaves_ends_the_request(server: OpenAIServer, reply: play.Behaviour) -> None:
    server.chat.append(reply)
    parts = model(server).stream(MESSAGES)
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    until(lambda: server.disconnects)
    assert server.disconnects == 1
