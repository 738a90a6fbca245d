"""What breaks, and what holds afterwards: real processes, killed with -9, around a real WordPress."""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from processes import crash_postgres, until
from shuffling_proxy import ShufflingProxy
from world import World

from fakes import openai_server
from fakes.openai_server import OpenAIServer

CHANCE = random.Random(20261121)  # noqa: S311 -- chance, not secrecy
WORD = re.compile(r"\w{2,}")
Holds = Callable[[str], None]


def test_sidecar_down_while_authors_work(world: World, holds: Holds) -> None:
    world.edit(500, seed=1)
    assert world.push()["stopped_by"] == "error"
    world.start("serve", "worker")
    holds("the sidecar is down for 500 saves")


def test_sidecar_killed_in_the_middle_of_pushes(world: World, holds: Holds) -> None:
    world.start("worker")
    for seed in range(6):
        world.start("serve")
        world.edit(40, seed)
        world.time_passes()
        with world.site_process("push") as pusher:
            time.sleep(CHANCE.uniform(0.25, 0.9))
            world.processes.kill("serve")
            pusher.communicate(timeout=60)
    world.start("serve")
    holds("the sidecar is killed in the middle of 6 pushes")


def test_worker_killed_between_embedding_and_commit(
    world: World, holds: Holds, provider: OpenAIServer, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    interrupted = 0
    world.start("serve")
    world.edit(60, seed=3)
    for number in range(kills):
        if world.status()["documents"]["pending"] == 0:
            world.edit(30, seed=CHANCE.randrange(1 << 30))
            world.push_all()
        # However fast the worker is, the first time it is killed before it has its vectors.
        provider.embeddings.append(
            openai_server.embeddings(delay_s=CHANCE.uniform(0, 0.05)) if number else openai_server.hang()
        )
        embedded = len(provider.requests)
        world.start("worker")
        until(lambda before=embedded: len(provider.requests) > before or idle(world), what="the worker embeds")
        # From the first request for embeddings to well after the commit.
        time.sleep(CHANCE.uniform(0, 0.15))
        world.processes.kill("worker")
        interrupted += world.has_leases()
        world.time_passes()
    world.start("worker")
    assert interrupted
    holds(
        f"the worker is killed {kills} times at random points from embedding to commit, {interrupted} times before it"
    )


def idle(world: World) -> bool:
    return bool(world.status()["documents"]["pending"] == 0)


def test_postgres_restarted_under_load(world: World, holds: Holds, postgres: Path) -> None:
    world.start("serve", "worker")
    for seed in range(3):
        world.edit(60, seed)
        world.time_passes()
        with world.site_process("push") as pusher, asking(world):
            time.sleep(CHANCE.uniform(0.3, 0.8))
            crash_postgres(postgres)
            pusher.communicate(timeout=60)
    holds("Postgres is shut down at once and restarted under pushes, indexing and questions, 3 times")


@contextlib.contextmanager
def asking(world: World) -> Iterator[None]:
    """Visitors ask all the time; what they get while the database is away is not judged here."""
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                world.search("Which lamp stands in the old house?")

    visitors = [threading.Thread(target=ask) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    try:
        yield
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join(60)


def nothing(handler: openai_server.Handler, body: dict[str, Any]) -> None:
    """A closed connection."""
    handler.close_connection = True


PROVIDER_FAULTS = {
    "429": openai_server.status(429, "rate_limit_exceeded", retry_after="0"),
    "500": openai_server.status(500, "server_error"),
    "garbage": openai_server.garbage(b"<html>Bad gateway</html>", "text/html"),
    "half a body": openai_server.half_body(),
    "nothing": nothing,
}


@pytest.mark.parametrize("answer", PROVIDER_FAULTS)
def test_provider_answers(answer: str, world: World, holds: Holds, provider: OpenAIServer) -> None:
    provider.embeddings.extend([PROVIDER_FAULTS[answer]] * 12)
    world.start("serve", "worker")
    world.edit(40, seed=5)
    world.push()
    until(lambda: not provider.embeddings or has_problem(world), 90, "the provider fails")
    while provider.embeddings:
        world.time_passes()
        time.sleep(0.2)
    holds(f"the provider answers {answer} 12 times")


def has_problem(world: World) -> bool:
    return bool(world.status()["problems"])


def test_wordpress_killed_after_the_post_and_before_the_push(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    for _ in range(5):
        world.written.update(world.site("publish-and-die", dies=True).splitlines())
    assert len(world.truth().public) >= 5
    holds("WordPress is killed after the post and before the push, 5 times")


def test_wordpress_killed_while_it_pushes(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    for seed in range(5):
        world.edit(40, seed)
        world.time_passes()
        with world.site_process("push") as pusher:
            time.sleep(CHANCE.uniform(0.3, 0.9))
            pusher.kill()
    holds("WordPress is killed in the middle of 5 pushes")


def test_pushes_duplicated_reordered_and_replayed(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    with ShufflingProxy(world.url, seed=7) as proxy:
        world.connect(world.connection_string(proxy.url))
        for seed in range(6):
            world.edit(40, seed)
            world.time_passes()
            world.push()
        proxy.replay(len(proxy.requests))
        repeats = proxy.repeats
    world.connect(world.connection_string(world.url))
    holds(f"pushes arrive twice, late and out of order ({repeats} repeated)")


def test_wordpress_database_restored_to_yesterday(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    world.edit(80, seed=8)
    world.settle()
    # Some changes of yesterday wait when the copy is made.
    world.edit(10, seed=9)
    shutil.copytree(world.wordpress / "database", world.folder / "backup")
    world.edit(80, seed=10)
    world.settle()
    shutil.rmtree(world.wordpress / "database")
    shutil.copytree(world.folder / "backup", world.wordpress / "database")
    world.reconcile()
    holds("the WordPress database is restored to yesterday")


def test_index_of_the_sidecar_lost(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    world.edit(80, seed=11)
    world.settle()
    with world.database.tenant(world.site_id) as connection:
        connection.execute("DELETE FROM chunks")
        connection.execute("DELETE FROM documents")
        connection.execute("DELETE FROM term_counts")
    world.reconcile()
    holds("the index of the sidecar is lost")


def test_two_pushers_at_once(world: World, holds: Holds) -> None:
    world.start("serve", "worker")
    for seed in range(4):
        world.edit(40, seed)
        world.time_passes()
        with world.site_process("push") as one, world.site_process("push") as other:
            for pusher in (one, other):
                pusher.communicate(timeout=60)
                assert pusher.returncode == 0
    holds("two pushers run at once, 4 times")


def test_export_imported(world: World, holds: Holds, request: pytest.FixtureRequest) -> None:
    """Not a fault, but content that nobody here wrote for the tests: `--export` names another one."""
    world.start("serve", "worker")
    world.site("import", request.config.getoption("--export").resolve())
    world.settle()
    indexed, hidden = assert_all_text_is_indexed(world)
    due = json.loads(world.site("make-due"))
    assert due
    world.settle()
    assert set(due) <= set(words_by_post(world))
    assert assert_all_text_is_indexed(world) == (indexed + len(due), hidden - len(due))
    name = request.config.getoption("--export").name
    holds(f"{name} is imported: {indexed} public posts, {hidden} hidden ones, of which {len(due)} scheduled comes due")


def assert_all_text_is_indexed(world: World) -> tuple[int, int]:
    """Every word of every public post is in the index, none of the others; returns how many there are of each."""
    indexed, hidden = words_by_post(world), 0
    texts = json.loads(world.site("texts"))
    for post_id, post in texts.items():
        if post["is_public"]:
            missing = set(WORD.findall(post["text"].lower())) - indexed.get(int(post_id), set())
            assert not missing, (post_id, missing)
        else:
            hidden += 1
            assert int(post_id) not in indexed
    return len(texts) - hidden, hidden


def words_by_post(world: World) -> dict[int, set[str]]:
    with world.database.tenant(world.site_id) as connection:
        rows = connection.execute(
            "SELECT post_id, string_agg(array_to_string(heading_path, ' ') || ' ' || text, ' ') AS text FROM chunks "
            "GROUP BY post_id"
        ).fetchall()
    # WordPress shows "580x300" as "580×300".
    return {row["post_id"]: set(WORD.findall(row["text"].lower().replace("×", "x"))) for row in rows}
