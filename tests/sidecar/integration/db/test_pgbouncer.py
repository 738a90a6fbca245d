"""PgBouncer in transaction mode: processes push, index and answer through it, and nothing of a session is needed."""

import json
import threading

import psycopg
import pytest
from free_port import free_port
from pgbouncer_process import running_pgbouncer
from sidecar_processes import Processes, fetch, until

from fakes.wordpress import WordPress
from rag_ask.api.auth import WRITE, body_hash
from rag_ask.db import locks
from rag_ask.db.database import Database
from rag_ask.settings import Settings


@pytest.fixture
def pooled_url(tmp_path, own_url):
    # PgBouncer's user reads the folder when it is started by root.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with running_pgbouncer(tmp_path, own_url) as url:
        yield url


@pytest.fixture
def pooled(own_settings, pooled_url):
    database = Database(
        Settings(pooled_url, own_settings.secret),
        tenant_size=4,
        system_size=2,
        statement_timeout_s=30,
    )
    database.open()
    yield database
    database.close()


@pytest.fixture
def processes(pooled_url):
    """Started with the URL of PgBouncer alone, as an operator does it."""
    started = Processes(pooled_url)
    yield started
    started.stop()


def test_processes_push_index_and_answer(processes, own_site):
    port = free_port()
    processes.start("serve", RAG_ASK_PORT=str(port))
    processes.start("worker")
    until(lambda: fetch(port, "/readyz")[0] == 200)
    body = {"changes": [own_site.upsert(1, 1, "<p>The shop opens at seven.</p>")]}
    token = own_site.token(WRITE, bh=body_hash(json.dumps(body).encode()))
    assert fetch(port, "/v1/push", body, token)[0] == 202
    until(lambda: own_site.status()["documents"]["indexed"] == 1)
    status, text = fetch(port, "/v1/ask", {"question": "When does the shop open?"}, own_site.ask_token())
    assert status == 200
    assert "seven" in json.loads(text)["answer"]


def test_time_outs_hold_in_each_transaction(pooled):
    with pooled.system() as connection:
        names = connection.execute(
            "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock"
        ).fetchone()
    assert names == {"statement": "30s", "lock": "10s"}


def test_no_site_is_left_on_the_connection_that_the_next_transaction_gets(pooled, own_site, pooled_url, own_settings):
    own_site.publish(1, 1, "<p>The shop opens at seven.</p>")
    other = WordPress(own_site.client, own_site.database, "other")
    backends = set()

    def read(site):
        for _ in range(20):
            with pooled.tenant(site.site_id) as connection:
                backends.add(connection.execute("SELECT pg_backend_pid() AS pid").fetchone()["pid"])
                seen = connection.execute("SELECT site_id FROM documents").fetchall()
            assert seen == ([{"site_id": own_site.site_id}] if site is own_site else [])

    failures = []

    def run(site):
        try:
            read(site)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(site,)) for site in (own_site, other, own_site, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    # All of them shared one connection.
    assert len(backends) == 1


def test_nothing_is_prepared_and_each_site_has_its_own_plan(pooled):
    def seen(connection):
        connection.execute("SELECT %s::int AS once", (1,), prepare=True)
        return connection.execute(
            "SELECT current_setting('plan_cache_mode') AS mode, count(*) AS prepared FROM pg_prepared_statements"
        ).fetchone()

    assert pooled.read("site", seen) == {"mode": "auto", "prepared": 0}


def test_locks_end_with_their_transaction(pooled, own_url):
    with pooled.tenant("site") as connection:
        locks.hold_site(connection, "site")
    with psycopg.connect(own_url) as owner:
        held = owner.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
    assert held == (0,)
