"""A real standby answers questions, is never behind the site, and takes over from a primary that is killed."""

import tempfile
from pathlib import Path

import psycopg
import pytest
from load import Load
from sidecar_processes import until
from standby_process import running_pair

from fakes.wordpress import SECRET, WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database
from rag_ask.settings import Settings

ASKED = {"question": "When does the shop open?"}


@pytest.fixture
def pair():
    with tempfile.TemporaryDirectory(prefix="rag-ask-pair-") as folder:
        Path(folder).chmod(0o755)
        with running_pair(Path(folder)) as made:
            yield made


@pytest.fixture
def site(pair):
    settings = Settings(pair.url, SECRET, embedder="local-en", visitor_limits="10000 per minute", cache_ttl_s=0)
    database = Database(settings, tenant_size=3, system_size=2, statement_timeout_s=30)
    database.open()
    app = create_app(settings)
    made = WordPress(app.test_client(), database, "shop")
    made.publish(1, 1, "<p>The shop opens at seven.</p>")
    yield made
    app.extensions["rag_ask"].database.close()
    database.close()


def is_at_standby(site):
    return site.database.read(
        site.site_id, lambda connection: connection.execute("SELECT pg_is_in_recovery() AS is_it").fetchone()["is_it"]
    )


def test_questions_go_to_a_standby_that_is_not_behind_and_survive_its_end(pair, site):
    until(lambda: is_at_standby(site))
    with psycopg.connect(pair.standby_url, autocommit=True) as standby:
        standby.execute("SELECT pg_wal_replay_pause()")
        until(lambda: standby.execute("SELECT pg_get_wal_replay_pause_state()").fetchone() == ("paused",))
        site.publish(1, 2, "<p>The shop opens at nine.</p>")
        assert not is_at_standby(site)
        assert "nine" in site.ask(**ASKED)["answer"]
        standby.execute("SELECT pg_wal_replay_resume()")
    until(lambda: is_at_standby(site))
    with Load(lambda _: site.post("/v1/ask", ASKED).status_code) as load:
        load.until_more()
        pair.kill_standby()
        load.until_more()
    assert set(load.results) == {200}
    assert not is_at_standby(site)


def test_a_standby_that_takes_over_has_every_acknowledged_push(pair, site):
    until(lambda: is_at_standby(site))
    pair.wait_for_the_standby()

    def push(number):
        return site.push(site.upsert(number + 2, 1, "<p>The kitchen opens at noon.</p>")).status_code

    with Load(push) as load:
        load.until_more()
        pair.kill_primary()
        until(lambda: 503 in load.results)
        pair.promote()
        before = load.results.count(202)
        until(lambda: load.results.count(202) > before)
    acknowledged = {number + 2 for number, status in enumerate(load.results) if status == 202}
    with psycopg.connect(pair.standby_url) as owner:
        kept = {post_id for (post_id,) in owner.execute("SELECT post_id FROM documents")}
    assert set(load.results) == {202, 503}
    assert acknowledged <= kept
    assert "seven" in site.ask(**ASKED)["answer"]
