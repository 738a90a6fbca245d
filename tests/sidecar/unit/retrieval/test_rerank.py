"""The shapes of the reranker's protocol, played by a local server; and the order stays when it fails."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from fakes.rerank_server import TEI_BATCH, RerankServer, cohere, jina, results, tei, voyage
from rag_ask.passage import Passage
from rag_ask.retrieval.fuse import Candidate
from rag_ask.retrieval.rerank import MAX_CANDIDATES, Reranker


def ranked(*texts):
    """The candidates, and what they say."""
    chunks = [Candidate(n, 0, 0.5, 0.0, score=0.9 - n / 100) for n, _ in enumerate(texts)]
    return chunks, {
        chunk.place: Passage(chunk.post_id, f"Post {chunk.post_id}", "https://x.example/", ("Shop",), text, 0.0)
        for chunk, text in zip(chunks, texts, strict=True)
    }


def posts(candidates):
    return [candidate.post_id for candidate in candidates]


@pytest.fixture
def server():
    with RerankServer() as running:
        yield running


@pytest.fixture
def reranker(server):
    with Reranker(f"{server.url}/", "rerank-1", "key") as made:
        yield made


def test_the_order_is_the_model_s(server, reranker):
    found = reranker.rerank("opening hours", *ranked("bread and butter", "our opening hours", "opening a shop"))
    assert posts(found) == [1, 2, 0]
    assert [candidate.score for candidate in found] == [1.0, 0.5, 0.0]
    ((path, headers, body),) = server.requests
    assert path == "/v2/rerank"
    assert headers["authorization"] == "Bearer key"
    assert body["documents"][0] == "Post 0 > Shop\nbread and butter"
    assert (body["model"], body["query"]) == ("rerank-1", "opening hours")


@pytest.mark.parametrize("shape", [cohere, jina, voyage, tei])
def test_each_service_is_understood_in_its_own_shape(shape):
    with RerankServer(shape) as server, Reranker(server.url, "rerank-1", "key") as reranker:
        found = reranker.rerank("opening hours", *ranked("bread and butter", "our opening hours", "opening a shop"))
    assert posts(found) == [1, 2, 0]
    assert [candidate.score for candidate in found] == [1.0, 0.5, 0.0]


def test_a_server_that_wants_texts_is_asked_again_once():
    assert MAX_CANDIDATES <= TEI_BATCH
    with RerankServer(tei) as server, Reranker(server.url, "rerank-1", "") as reranker:
        for _ in range(2):
            assert posts(reranker.rerank("hours", *ranked("bread", "opening hours"))) == [1, 0]
        assert ["texts" in body for _, _, body in server.requests] == [False, True, True]
        assert server.requests[-1][2]["truncate"] is True
        server.next.append(lambda _: (503, b""))
        reranker.rerank("hours", *ranked("bread", "opening hours"))
        assert len(server.requests) == 4


def test_a_refusal_for_another_reason_is_a_failure(server, reranker):
    before = ranked("a", "b")
    server.next.append(lambda _: (422, b"model 'rerank-1' not found"))
    assert reranker.rerank("?", *before) == before[0]
    assert len(server.requests) == 1


def test_both_questions_share_one_time_limit(monkeypatch):
    clock, limits_s = [0.0], []

    def slowly(body):
        clock[0] += 3.0
        return tei(body)

    monkeypatch.setattr("rag_ask.retrieval.rerank.time", SimpleNamespace(monotonic=lambda: clock[0]))
    with RerankServer(slowly) as server, Reranker(server.url, "m", "", timeout_s=5.0) as reranker:
        post = reranker._client.post

        def noting(*to, timeout, **sent):
            limits_s.append(timeout)
            return post(*to, **sent)

        monkeypatch.setattr(reranker._client, "post", noting)
        assert posts(reranker.rerank("hours", *ranked("bread", "opening hours"))) == [1, 0]
    assert limits_s == [5.0, 2.0]


def test_only_the_best_are_sent_and_the_others_follow(server, reranker):
    many = ranked(*(f"text {n}" for n in range(MAX_CANDIDATES)), "opening hours")
    found = reranker.rerank("opening hours", *many)
    assert len(server.requests[0][2]["documents"]) == MAX_CANDIDATES
    assert posts(found)[-1] == MAX_CANDIDATES
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)


def test_logits_become_scores(server, reranker):
    server.next.append(lambda _: results((0, -3.0), (1, 4.0)))
    found = reranker.rerank("?", *ranked("a", "b"))
    assert posts(found) == [1, 0]
    assert all(0 < candidate.score < 1 for candidate in found)


@pytest.mark.parametrize(
    "reply",
    [
        (500, b"{}"),
        (429, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"7"),
        (200, b'{"message": "no results"}'),
        (200, b'{"results": [{"index": 0}]}'),
        (200, b'[{"index": 0, "score": 0.5}, 1]'),
        (200, b'{"results": [{"index": 0, "relevance_score": "high"}, {"index": 1, "relevance_score": 1}]}'),
        results((0, 0.5)),
        results((0, 0.5), (7, 0.5)),
        results((0, 0.5), (1, float("nan"))),
    ],
)
def test_the_order_stays_when_the_reply_is_of_no_use(server, reranker, reply):
    before = ranked("a", "b")
    server.next.append(lambda _: reply)
    assert reranker.rerank("?", *before) == before[0]


def test_a_service_that_failed_is_left_alone_for_a_while(server, reranker):
    server.next.append(lambda _: (503, b""))
    reranker.rerank("?", *ranked("a", "b"))
    reranker.rerank("?", *ranked("a", "b"))
    assert len(server.requests) == 1


def test_the_wait_is_bounded(server):
    given_up = threading.Event()
    # A good answer, in another order, for whoever waits so long.
    server.next.append(lambda _: given_up.wait(60) and results((0, 0.1), (1, 0.9)))
    before = ranked("a", "b")
    with Reranker(server.url, "m", "", timeout_s=0.2) as impatient:
        assert impatient.rerank("?", *before) == before[0]
    given_up.set()
    assert "authorization" not in server.requests[0][1]


def test_what_is_gone_meanwhile_is_left_out(server, reranker):
    chunks, passages = ranked("bread", "opening hours", "butter")
    del passages[chunks[0].place]
    assert posts(reranker.rerank("opening hours", chunks, passages)) == [1, 2]


def test_nothing_found_is_nothing_asked(server, reranker):
    assert reranker.rerank("?", [], {}) == []
    assert server.requests == []
