"""Measure indexing: a worker against the bare embedder, and against one call of a provider for each chunk.

Posts are made of the paragraphs of docs/, three in each for the local model and eight for the provider; a number makes
each of them new. With the local embedder the worker's threads and the bare embedder, given the same texts, take turns.
Reading and storing are measured apart, with vectors that cost nothing: processor time of the worker, of the process
that reads, and of Postgres. The provider is a local server that takes 100 ms a call; the worker's threads run in this
process. One call a chunk is what the same texts take that way, without any other work. In the end the provider refuses
calls with 429 and Retry-After: none of the calls after it may come before that time is over, and nothing may be lost.
"""

from __future__ import annotations

import base64
import multiprocessing
import time
from collections.abc import Callable
from functools import partial

import figures
import numpy as np
import resident
from figures import Figure
from indexed_site import Ones, Site, indexed_site

from fakes.openai_server import Behaviour, OpenAIServer, status
from rag_ask import worker
from rag_ask.providers.embedders import Embedders

POSTS, QUICK = 2_000, 100
TURN = 100
# Posts that are indexed without embedding.
APART = 400
PARAGRAPHS, PARAGRAPHS_OF_PROVIDER = 3, 8
CALL_S = 0.1
DIMENSIONS = 384
# So many calls of one chunk tell what a call takes.
ALONE = 20
REFUSED, RETRY_AFTER_S = 3, 1.0
VECTOR = base64.b64encode(np.ones(DIMENSIONS, dtype=np.float32)).decode()

figure = partial(Figure, "indexing")


def measure(is_quick: bool) -> list[Figure]:
    count = QUICK if is_quick else POSTS
    return [*with_local_model(count), *with_provider(count)]


def with_local_model(count: int) -> list[Figure]:
    ours = bare = 0.0
    texts = 0
    with indexed_site() as (site, embedders):
        for done in range(TURN, count + 1, TURN):
            post_ids = site.push(TURN, PARAGRAPHS)
            ours += site.work(embedders, worker.LOCAL_INDEXERS)
            embedded = site.texts(post_ids)
            bare += seconds(partial(embedders.own.embed, embedded))
            texts += len(embedded)
            figures.progress(f"{done} posts, {texts} chunks: {bare / ours:.0%} of the bare embedder")
        apart = reading_and_storing(site, embedders)
    case = f"{count:,} posts, local model"
    return [
        figure("indexing against the bare embedder", bare / ours, "x", 0.85, True, case),
        figure("chunks a second", texts / ours, "", case=case),
        *(
            figure("reading and storing a chunk", ms, "ms", case=f"processor time of {name}")
            for name, ms in apart.items()
        ),
    ]


def reading_and_storing(site: Site, embedders: Embedders) -> dict[str, float]:
    """Milliseconds of processor time a chunk."""
    [reader] = multiprocessing.active_children()
    pids = {"the reading process": reader.pid or 0, "Postgres": site.server}

    def spent() -> dict[str, float]:
        return {"the worker": time.process_time()} | {name: resident.processor_s(pid) for name, pid in pids.items()}

    post_ids = site.push(APART, PARAGRAPHS)
    before = spent()
    site.index(Ones(embedders.own))
    after, count = spent(), len(site.texts(post_ids))
    return {name: 1000 * (after[name] - before[name]) / count for name in after}


def with_provider(count: int) -> list[Figure]:
    with OpenAIServer() as server:
        at: list[float] = []
        server.behaviour = lambda path: timed(at, canned)  # type: ignore[method-assign]
        changed = {"embedder": "openai", "openai_api_key": "test", "openai_base_url": server.base_url}
        with indexed_site(**changed, embedding_dimensions=DIMENSIONS) as (site, embedders):
            site.push(count, PARAGRAPHS_OF_PROVIDER)
            before = len(server.requests)
            took = site.work(embedders, worker.INDEXERS)
            sent = [text for request in server.requests[before:] for text in request.body["input"]]
            calls = len(server.requests) - before
            one_by_one = seconds(lambda: [embedders.own.embed([text]) for text in sent[:ALONE]]) / ALONE * len(sent)
            early = refused(site, embedders, server)
    case = f"{count:,} posts, provider with 100 ms a call"
    figures.progress(f"{case}: {calls} calls for {len(sent)} chunks in {took:.1f} s")
    return [
        figure("indexing against one call a chunk", one_by_one / took, "x", 60, True, case),
        figure("chunks a second", len(sent) / took, "", case=case),
        figure("calls before the end of a Retry-After", early, "", 0, False, case),
    ]


def timed(at: list[float], behaviour: Behaviour) -> Behaviour:
    def play(handler, body):  # type: ignore[no-untyped-def]
        at.append(time.monotonic())
        behaviour(handler, body)

    return play


def canned(handler, body):  # type: ignore[no-untyped-def]
    """The same vector for each text, so that the server takes no time of its own."""
    handler.owner.stopping.wait(CALL_S)
    data = ",".join(f'{{"object":"embedding","index":{i},"embedding":"{VECTOR}"}}' for i in range(len(body["input"])))
    usage = '{"prompt_tokens":1,"total_tokens":1}'
    handler.send(200, f'{{"object":"list","model":"m","data":[{data}],"usage":{usage}}}'.encode())


def refused(site: Site, embedders: Embedders, server: OpenAIServer) -> int:
    """How many calls came before a refusal allowed it. All posts are indexed in the end."""
    at: list[float] = []
    left = [status(429, "rate_limit_exceeded", retry_after=f"{RETRY_AFTER_S:g}")] * REFUSED
    server.behaviour = lambda path: timed(at, left.pop() if left else canned)  # type: ignore[method-assign]
    site.push(TURN, PARAGRAPHS)
    site.work(embedders, worker.INDEXERS)
    assert site.wordpress.status()["documents"]["failed"] == 0
    # The first refusals may be of calls that several threads made at once.
    return sum(later - at[0] < RETRY_AFTER_S for later in at[worker.INDEXERS :])


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    figures.run(__doc__, measure)
