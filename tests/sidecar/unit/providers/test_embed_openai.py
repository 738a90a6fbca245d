from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Iterator

import numpy as np
import pytest

from fakes import openai_server as play
from fakes.openai_server import OpenAIServer
from rag_ask.errors import ProviderRejected, ProviderUnavailable
from rag_ask.providers.embed.openai import MAX_INPUT_BYTES, OpenAIEmbedder, batches


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


def embedder(server: OpenAIServer, dimensions: int = 256, timeout_s: float = 2.0) -> OpenAIEmbedder:
    return OpenAIEmbedder(
        "text-embedding-3-small", dimensions, "sk-key", server.base_url, timeout_s, retry_pause_s=0.01
    )


def test_returns_unit_vectors_in_the_order_asked(server: OpenAIServer) -> None:
    texts = ["the shop opens at seven", "parcels", "", "パン屋 🥖"]
    vectors = embedder(server).embed(texts)
    assert vectors.shape == (4, 256)
    assert vectors.dtype == np.float32
    expected = np.array([play.bag_of_words(text or " ", 256) for text in texts])
    assert vectors == pytest.approx(expected / np.linalg.norm(expected, axis=1, keepdims=True), abs=1e-6)


def test_says_what_the_protocol_asks_for(server: OpenAIServer) -> None:
    made = embedder(server)
    assert (made.name, made.dimensions) == ("openai/text-embedding-3-small/256", 256)
    made.embed(["bread", ""])
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer sk-key"
    assert request.body["model"] == "text-embedding-3-small"
    assert request.body["dimensions"] == 256
    # The API refuses an empty input.
    assert request.body["input"] == ["bread", " "]


def test_no_texts_need_no_request(server: OpenAIServer) -> None:
    assert embedder(server).embed([]).shape == (0, 256)
    assert server.requests == []


def test_needs_no_key_for_a_server_of_ones_own(server: OpenAIServer) -> None:
    assert OpenAIEmbedder("nomic", 8, "", server.base_url).embed(["bread"]).shape == (1, 8)


def test_many_texts_are_split_into_requests(server: OpenAIServer) -> None:
    vectors = embedder(server, dimensions=4).embed([f"loaf {number}" for number in range(2049)])
    assert vectors.shape == (2049, 4)
    assert [len(request.body["input"]) for request in server.requests] == [2048, 1]


def test_tokens_are_those_that_the_provider_counts(server: OpenAIServer) -> None:
    assert embedder(server).embed_counted(["the shop opens", "at seven"])[1] == 5
    assert embedder(server, dimensions=4).embed_counted(["loaf"] * 2049)[1] == 2049
    assert embedder(server).embed_counted([])[1] == 0


@pytest.mark.parametrize(
    "counted",
    [None, {}, {"total_tokens": 0}, {"total_tokens": None}, {"total_tokens": "5"}, {"total_tokens": -5}, [], 7],
)
def test_tokens_are_estimated_where_the_server_does_not_count(server: OpenAIServer, counted: object) -> None:
    server.embeddings.append(play.embeddings(usage=counted))
    vectors, tokens = embedder(server).embed_counted(["the shop opens", "at seven"])
    assert (vectors.shape, tokens) == ((2, 256), 22 // 4 + 1)


def test_a_request_stays_below_300_000_tokens() -> None:
    # Each of these characters may be three tokens.
    split = list(batches(["麺" * 2000] * 120))
    assert [len(batch) for batch in split] == [50, 50, 20]
    assert list(batches([])) == []


@pytest.mark.parametrize("text", ["bread " * 5000, "麺" * 5000, "🥖" * 5000])
def test_a_long_text_is_cut_to_what_the_api_takes(server: OpenAIServer, text: str) -> None:
    embedder(server).embed([text])
    (sent,) = server.requests[0].body["input"]
    assert text.startswith(sent)
    assert MAX_INPUT_BYTES - 4 < len(sent.encode()) <= MAX_INPUT_BYTES


def test_half_a_surrogate_pair_does_not_stop_it(server: OpenAIServer) -> None:
    embedder(server).embed(["bread \ud83e"])
    assert server.requests[0].body["input"] == ["bread ?"]


def test_a_model_of_one_size_is_asked_without_dimensions(server: OpenAIServer) -> None:
    refusal = play.status(400, message="Model does not support changing dimensions")
    server.embeddings.extend([refusal, play.embeddings(dimensions=64)])
    made = embedder(server, dimensions=64)
    assert made.embed(["bread"]).shape == (1, 64)
    server.embeddings.append(play.embeddings(dimensions=64))
    made.embed(["bread"])
    assert ["dimensions" in request.body for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    "failure",
    [play.status(429), play.status(500), play.status(503), play.half_body(), play.status(429, retry_after="0.01")],
)
def test_a_failure_that_passes_is_tried_again(server: OpenAIServer, failure: play.Behaviour) -> None:
    server.embeddings.extend([failure, failure])
    assert embedder(server).embed(["bread"]).shape == (1, 256)
    assert len(server.requests) == 3


@pytest.mark.parametrize("failure", [play.status(429), play.status(500), play.half_body()])
def test_gives_up_after_two_more_tries(server: OpenAIServer, failure: play.Behaviour) -> None:
    server.embeddings.extend([failure] * 5)
    with pytest.raises(ProviderUnavailable) as caught:
        embedder(server).embed(["bread"])
    assert caught.value.retry_after_s == 30
    assert len(server.requests) == 3


def test_a_long_retry_after_is_handed_on_instead_of_waited_for(server: OpenAIServer) -> None:
    server.embeddings.append(play.status(429, "rate_limit_exceeded", retry_after="61.2"))
    with pytest.raises(ProviderUnavailable, match="429 rate_limit_exceeded") as caught:
        embedder(server).embed(["bread"])
    assert caught.value.retry_after_s == 62
    assert len(server.requests) == 1


def test_nobody_is_asked_before_a_retry_after_is_over(server: OpenAIServer) -> None:
    server.embeddings.append(play.status(429, retry_after="61.2"))
    made = embedder(server)
    for _ in range(3):
        with pytest.raises(ProviderUnavailable) as caught:
            made.embed(["bread"])
        assert 0 < (caught.value.retry_after_s or 0) <= 62
    assert len(server.requests) == 1


def test_retry_after_may_be_a_date(server: OpenAIServer) -> None:
    date = email.utils.formatdate(time.time() + 3000, usegmt=True)
    server.embeddings.append(play.status(503, retry_after=date))
    with pytest.raises(ProviderUnavailable) as caught:
        embedder(server).embed(["bread"])
    assert 2000 < (caught.value.retry_after_s or 0) <= 3000


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "0"])
def test_a_senseless_retry_after_is_ignored(server: OpenAIServer, value: str) -> None:
    server.embeddings.append(play.status(503, retry_after=value))
    assert embedder(server).embed(["bread"]).shape == (1, 256)


def test_a_server_that_hangs_is_not_waited_for(server: OpenAIServer) -> None:
    server.embeddings.append(play.hang())
    with pytest.raises(ProviderUnavailable, match="in time"):
        embedder(server, timeout_s=0.2).embed(["bread"])
    assert len(server.requests) == 1


def test_a_server_that_is_away_is_unavailable() -> None:
    with OpenAIServer() as server:
        made = embedder(server)
    with pytest.raises(ProviderUnavailable, match="OPENAI_BASE_URL"):
        made.embed(["bread"])


@pytest.mark.parametrize(
    ("code", "error_code"),
    [(401, "invalid_api_key"), (402, None), (403, None), (404, "model_not_found"), (429, "insufficient_quota")],
)
def test_a_wrong_configuration_is_no_fault_of_the_text(server: OpenAIServer, code: int, error_code: str | None) -> None:
    server.embeddings.append(play.status(code, error_code, message="Incorrect API key provided: sk-key"))
    with pytest.raises(ProviderUnavailable, match="OPENAI_API_KEY") as caught:
        embedder(server).embed(["bread"])
    assert "sk-key" not in caught.value.message
    assert caught.value.retry_after_s == 300
    assert len(server.requests) == 1


@pytest.mark.parametrize("code", [400, 413, 422])
def test_a_refused_text_is_not_sent_again(server: OpenAIServer, code: int) -> None:
    server.embeddings.append(play.status(code, "context_length_exceeded"))
    with pytest.raises(ProviderRejected, match="context_length_exceeded"):
        embedder(server).embed(["bread"])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        play.garbage(b"<html>It works!</html>", "text/html"),
        play.garbage(b"<html>It works!</html>"),
        play.garbage(b""),
        play.garbage(b"{}"),
        play.garbage(b"[]"),
        play.garbage(b"null"),
        play.garbage(b'{"data": []}'),
        play.garbage(b'{"data": [{"index": 0}, {"index": 1}]}'),
        play.garbage(b'{"data": [{"embedding": [1, 2]}, {"embedding": [1, 2]}]}'),
        play.garbage(b'{"data": [{"index": 0, "embedding": "%%%"}, {"index": 1, "embedding": "%%%"}]}'),
        play.garbage(b'{"data": [{"index": 0, "embedding": ["a"]}, {"index": 1, "embedding": [{}]}]}'),
        play.embeddings(rows=lambda rows: rows[:1]),
        play.embeddings(rows=lambda rows: [*rows, rows[0]]),
        play.embeddings(rows=lambda rows: [rows[0], rows[1][:-1]]),
        play.embeddings(rows=lambda rows: [[math.nan] * 256, rows[1]]),
        play.embeddings(rows=lambda rows: [rows[0], [math.inf] * 256]),
        play.embeddings(rows=lambda rows: [rows[0], [0.0] * 256]),
    ],
)
def test_garbage_is_never_taken_for_vectors(server: OpenAIServer, garbage: play.Behaviour) -> None:
    server.embeddings.append(garbage)
    with pytest.raises(ProviderUnavailable):
        embedder(server).embed(["bread", "butter"])


def test_a_wrong_size_names_the_setting(server: OpenAIServer) -> None:
    server.embeddings.append(play.embeddings(dimensions=768))
    with pytest.raises(ProviderUnavailable, match=r"768 numbers instead of 256.*RAG_ASK_EMBEDDING_DIMENSIONS"):
        embedder(server).embed(["bread"])
