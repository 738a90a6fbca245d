"""A database that is restored from a backup answers nothing that was withdrawn since, whoever notices it first."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import contract
import psycopg
import pytest
from psycopg import sql
from sidecar_processes import Processes

from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db import incarnation
from rag_ask.db.database import Database

MERGER = "What is the merger code?"
COURSE = "What does the course cost?"


class Restorable:
    """A site in a database of its own that can be set back to a backup. `seen`: what the plugin knows of the index."""

    def __init__(self, settings) -> None:
        self.settings = settings
        self.name = psycopg.conninfo.conninfo_to_dict(settings.database_url)["dbname"]
        self.seen: dict[str, object] = {}
        self._opened: list[Database] = []
        self.open()
        self.site = WordPress(self.app.test_client(), self.database, "shop")

    def open(self) -> None:
        self.database = Database(self.settings, tenant_size=3, system_size=2, statement_timeout_s=30)
        self.database.open()
        self.app = create_app(self.settings)
        self._opened = [self.database, self.app.extensions["rag_ask"].database]

    def close(self) -> None:
        for database in self._opened:
            database.close()

    def copy(self, source: str, target: str) -> None:
        with psycopg.connect(self.settings.database_url.replace(f"/{self.name}?", "/postgres?"), autocommit=True) as c:
            c.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target)))
            c.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source)))

    def back_up(self) -> None:
        self.close()
        self.copy(self.name, f"{self.name}_backup")
        self.reopen()

    def restore(self) -> None:
        self.close()
        self.copy(f"{self.name}_backup", self.name)
        self.reopen()

    def reopen(self) -> None:
        self.open()
        self.site.client, self.site.database = self.app.test_client(), self.database

    def push(self, *changes) -> None:
        answer = self.site.signed("POST", "/v1/push", {"changes": changes}, **self.seen).json
        assert {result["result"] for result in answer["results"]} == {"accepted"}
        self.learn(answer)
        self.site.index()

    def learn(self, answer) -> None:
        self.seen = {"inc": answer["incarnation"], "gen": answer["generation"]}

    def reconcile(self, *known, after=0, until=None) -> dict:
        documents = [{"id": post_id, "version": version, "hash": digest} for post_id, version, digest in known]
        page = {"after": after, "until": until, "documents": documents}
        return self.site.signed("POST", "/v1/reconcile", page, **self.seen).json

    def ask(self, question: str) -> str:
        """The outcome, or the code of the error."""
        response = self.site.post("/v1/ask", {"question": question}, self.site.ask_token(**self.seen))
        return response.json["outcome"] if response.status_code == 200 else response.json["error"]["code"]

    def answer(self, question: str) -> str:
        return self.site.post("/v1/ask", {"question": question}, self.site.ask_token(**self.seen)).json["answer"]


@pytest.fixture
def world(own_settings) -> Iterator[Restorable]:
    made = Restorable(own_settings)
    yield made
    made.close()
    with psycopg.connect(own_settings.database_url.replace(f"/{made.name}?", "/postgres?"), autocommit=True) as c:
        c.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"{made.name}_backup")))


@pytest.fixture
def yesterday(world) -> Restorable:
    """Restored to yesterday. Since then one post was withdrawn, one was edited and one is as it was."""
    upsert = world.site.upsert
    world.push(
        upsert(1, 10, "<p>The merger code is FALCON and it is confidential.</p>", hash="m1"),
        upsert(2, 10, "<p>The course costs 90 euros.</p>", hash="c1"),
        upsert(3, 10, "<p>The shop opens at seven in the morning.</p>", hash="s1"),
    )
    assert world.ask(MERGER) == "quoted"
    world.back_up()
    world.push(
        {"op": "delete", "id": 1, "version": 11},
        upsert(2, 11, "<p>The course costs 120 euros.</p>", hash="c2"),
    )
    assert world.ask(MERGER) != "quoted"
    assert "120" in world.answer(COURSE)
    world.restore()
    return world


NOW = [(2, 11, "c2"), (3, 10, "s1")]


def compare(world) -> dict:
    """As the plugin does: from the first post on."""
    found = world.reconcile(*NOW)
    world.learn(found)
    return found


def test_nobody_marked_it_and_a_visitor_asks_first(yesterday):
    assert yesterday.ask(MERGER) == "index_unproven"
    assert yesterday.ask(COURSE) == "index_unproven"


def test_nobody_marked_it_and_the_site_pushes_first(yesterday):
    before = yesterday.seen
    yesterday.push(yesterday.site.upsert(3, 11, "<p>The shop opens at eight in the morning.</p>", hash="s2"))
    assert yesterday.seen["inc"] != before["inc"]
    assert yesterday.ask(MERGER) == "index_unproven"
    # What was pushed since is current.
    assert "eight" in yesterday.answer("When does the shop open?")


def test_nobody_marked_it_and_the_start_sees_another_database(yesterday):
    yesterday.seen = {}
    incarnation.check_start(yesterday.database)
    assert yesterday.ask(MERGER) == "index_unproven"
    compare(yesterday)
    incarnation.check_start(yesterday.database)
    assert yesterday.ask("When does the shop open?") == "quoted"


def test_a_status_tells_the_site(yesterday):
    found = yesterday.site.signed("GET", "/v1/status", **yesterday.seen).json
    assert found["incarnation"] != yesterday.seen["inc"]
    assert found["unproven"] == 3
    assert found.keys() == contract.message("status-response").keys()


def test_the_comparison_proves_what_is_current_and_nothing_else(yesterday):
    assert yesterday.ask("When does the shop open?") == "index_unproven"
    found = compare(yesterday)
    assert (found["current"], [x["id"] for x in found["stale"]], [x["id"] for x in found["extra"]]) == (1, [2], [1])
    assert "seven" in yesterday.answer("When does the shop open?")
    # Everything is compared: what differs is in no answer, although the site has not pushed it yet.
    assert yesterday.ask(MERGER) == "abstained"
    assert yesterday.ask(COURSE) == "abstained"
    assert yesterday.site.status()["unproven"] == 2
    yesterday.push(
        {"op": "delete", "id": 1, "version": 12},
        yesterday.site.upsert(2, 12, "<p>The course costs 120 euros.</p>", hash="c2"),
    )
    assert "120" in yesterday.answer(COURSE)
    assert yesterday.ask(MERGER) == "abstained"
    assert yesterday.site.status()["unproven"] == 0


def test_an_edit_since_the_backup_is_not_answered_in_its_old_words(yesterday):
    yesterday.ask(MERGER)
    compare(yesterday)
    answer = yesterday.site.push(yesterday.site.upsert(2, 12, "<p>The course costs 120 euros.</p>", hash="c2"))
    assert answer.json["results"][0]["result"] == "accepted"
    assert "90" not in yesterday.answer(COURSE)
    yesterday.site.index()
    assert "120" in yesterday.answer(COURSE)


def test_what_waited_to_be_indexed_in_the_backup_is_not_answered_in_its_old_words(world):
    world.push(world.site.upsert(1, 10, "<p>The course costs 90 euros.</p>", hash="c1"))
    world.site.push(world.site.upsert(1, 11, "<p>The course costs 120 euros.</p>", hash="c2"))
    with world.database.system() as connection:
        incarnation.renew(connection, "shop")
    world.reconcile((1, 11, "c2"))
    assert "90" not in world.answer(COURSE)
    world.site.index()
    assert "120" in world.answer(COURSE)


def test_a_comparison_with_a_gap_is_not_complete(yesterday):
    assert yesterday.ask(MERGER) == "index_unproven"
    yesterday.learn(yesterday.reconcile((3, 10, "s1"), after=2))
    assert yesterday.ask(MERGER) == "index_unproven"
    yesterday.reconcile(after=0, until=1)
    yesterday.reconcile((2, 11, "c2"), after=1, until=2)
    assert yesterday.ask(MERGER) == "index_unproven"
    yesterday.reconcile((3, 10, "s1"), after=2)
    assert yesterday.ask(MERGER) == "abstained"


def test_a_token_of_before_does_not_close_the_index_again(yesterday):
    old = dict(yesterday.seen)
    yesterday.ask(MERGER)
    compare(yesterday)
    token = yesterday.site.ask_token(**old)
    response = yesterday.site.post("/v1/ask", {"question": "When does the shop open?"}, token)
    assert response.json["outcome"] == "quoted"


def test_work_in_the_background_does_not_make_up_for_what_was_lost(yesterday):
    with yesterday.database.system() as connection:
        connection.execute("UPDATE sites SET generation = generation + 100")
    assert yesterday.ask(MERGER) == "index_unproven"


def test_rag_ask_restored_says_what_happens_next(yesterday, rag_ask: Callable[..., subprocess.CompletedProcess[str]]):
    # A plugin that knows nothing yet, as after its own restore.
    yesterday.seen = {}
    done = rag_ask("restored")
    assert done.returncode == 0, done.stderr
    assert "shop: 3 documents are in no answer until they are confirmed" in done.stdout
    assert "rotate-key" in done.stdout
    assert yesterday.ask(MERGER) == "index_unproven"
    assert "3 documents are in no answer" in rag_ask("status", "shop").stdout
    compare(yesterday)
    assert (yesterday.ask(MERGER), yesterday.ask("When does the shop open?")) == ("abstained", "quoted")


def test_without_a_restore_nothing_is_unproven(world):
    world.push(world.site.upsert(1, 10, "<p>The shop opens at seven in the morning.</p>"))
    generation = world.seen["gen"]
    world.push(world.site.upsert(2, 10, "<p>The course costs 90 euros.</p>"))
    assert world.seen["gen"] == generation + 1
    assert (world.site.status()["unproven"], world.ask(MERGER)) == (0, "abstained")


def test_a_folder_confirms_its_files(world, rag_ask, tmp_path: Path):
    (tmp_path / "code.md").write_text("# Code\n\nThe merger code is FALCON and it is confidential.\n")
    (tmp_path / "hours.md").write_text("# Hours\n\nThe shop opens at seven in the morning.\n")
    feed = ("files", str(tmp_path), "--site", "shop", "--base-url", "https://shop.example/")
    assert rag_ask(*feed).returncode == 0
    world.site.index()
    assert rag_ask("restored", "shop").returncode == 0
    assert world.ask(MERGER) == "index_unproven"
    (tmp_path / "code.md").unlink()
    done = rag_ask(*feed, "--allow-mass-delete")
    assert done.returncode == 0, done.stderr
    assert (world.ask(MERGER), world.ask("When does the shop open?")) == ("abstained", "quoted")


@pytest.fixture
def rag_ask(own_settings) -> Callable[..., subprocess.CompletedProcess[str]]:
    return Processes(own_settings.database_url).run
