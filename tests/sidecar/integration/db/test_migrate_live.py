"""Migrations beside what runs: questions and pushes go on, though a backup holds the tables that are to be changed."""

import shutil
import threading
from contextlib import closing

import psycopg
import pytest
from load import Load
from sidecar_processes import until
from yoyo import read_migrations

from fakes.wordpress import SECRET
from rag_ask.db import migrate
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

ASKED = {"question": "When does the shop open?"}
# What a version may do to the tables that the one before it reads and writes.
NEWEST = """
ALTER TABLE documents ADD COLUMN colour text NOT NULL DEFAULT '';
ALTER TABLE sites ADD COLUMN colour text;
CREATE TABLE colours (site_id text NOT NULL REFERENCES sites ON DELETE CASCADE, colour text, PRIMARY KEY (site_id));
"""
WAITERS = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
OLD_READ = (
    "SELECT documents.title, text FROM documents JOIN chunks USING (site_id, post_id) WHERE documents.site_id = 'shop'"
)
OLD_WRITE = """
INSERT INTO documents (site_id, post_id, version, state) VALUES ('shop', %s, 1, 'pending');
UPDATE sites SET generation = generation + 1 WHERE site_id = 'shop'
"""


@pytest.fixture
def backup(own_url):
    """A transaction that has read every table and does not end, as that of pg_dump."""
    with closing(psycopg.connect(own_url)) as connection:
        connection.execute("SELECT FROM documents, chunks, sites LIMIT 1")
        yield connection


@pytest.fixture
def newest(tmp_path, monkeypatch):
    """The next version's tables."""
    folder = shutil.copytree(migrate.MIGRATIONS, tmp_path / "migrations")
    last = max(path.stem for path in folder.glob("*.sql"))
    (folder / "9999-colours.sql").write_text(f"-- depends: {last}\n{NEWEST}")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    monkeypatch.setattr(migrate, "PAUSE_S", 0.2)


def run(settings, applied):
    thread = threading.Thread(target=lambda: applied.extend(migrate.migrate(settings)))
    thread.start()
    return thread


def wait_until_it_has_waited(url):
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        for _ in range(2):
            until(lambda: connection.execute(WAITERS).rowcount)
            until(lambda: not connection.execute(WAITERS).rowcount)


def test_questions_and_pushes_go_on_under_the_newest_migration(own_site, own_settings, own_url, backup, newest):
    own_site.publish(1, 1, "<p>The shop opens at seven.</p>")
    applied = []
    with (
        Load(lambda _: own_site.post("/v1/ask", ASKED).status_code) as asked,
        Load(lambda n: own_site.push(own_site.upsert(n + 2, 1, "<p>Noon.</p>")).status_code) as pushed,
    ):
        migrating = run(own_settings, applied)
        wait_until_it_has_waited(own_url)
        asked.until_more()
        pushed.until_more()
        assert applied == []
        backup.rollback()
        migrating.join(60)
        asked.until_more()
        pushed.until_more()
    assert applied == ["9999-colours"]
    assert (set(asked.results), set(pushed.results)) == ({200}, {202})
    assert "seven" in own_site.ask(**ASKED)["answer"]


def test_what_the_version_before_reads_and_writes_goes_on(empty_url):
    """The last two migrations there are, under statements of the time before them."""
    with migrate._backend(empty_url) as backend:
        every = backend.to_apply(read_migrations(str(migrate.MIGRATIONS)))
        for one in list(every)[:-2]:
            backend.apply_one(one)
    with closing(psycopg.connect(empty_url, autocommit=True)) as old:
        old.execute("INSERT INTO sites (site_id, name, origins) VALUES ('shop', '', '{}')")
        old.execute("SET lock_timeout = '10s'")

        def turn(number):
            old.execute(OLD_READ)
            return old.execute(OLD_WRITE % (number + 1)).rowcount

        with Load(turn) as load:
            load.until_more()
            assert len(migrate.migrate(Settings(empty_url, SECRET))) == 2
            load.until_more()
    assert set(load.results) == {1}


def test_a_table_that_stays_held_is_named(own_settings, own_url, backup, newest):
    with pytest.raises(RagAskError, match="Run rag-ask migrate again") as raised:
        migrate.migrate(own_settings, patience_s=0)
    assert raised.value.code == "table_held"
    backup.rollback()
    assert migrate.migrate(own_settings) == ["9999-colours"]
