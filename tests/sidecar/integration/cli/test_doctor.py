"""The doctor: one screen about a sidecar that runs, and each fault with its remedy."""

import psycopg
import pytest
from free_port import free_port
from sidecar_processes import Processes, fetch, until

from rag_ask.cli import doctor
from rag_ask.db import sites
from rag_ask.indexing import queue


@pytest.fixture
def processes(own_settings):
    started = Processes(own_settings.database_url)
    yield started
    started.stop()


def set_origin(settings, origin):
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE sites SET origins = ARRAY[%s], pushed_origins = '{}'", (origin,))


def is_connected(settings):
    with psycopg.connect(settings.database_url) as owner:
        return owner.execute(doctor.WORKERS, (queue.WORKER,)).rowcount


def test_a_sidecar_without_faults_is_well(own_site, own_settings, processes):
    own_site.publish(1, 1, "<p>The shop opens at seven.</p>", title="Hours")
    set_origin(own_settings, "http://own.example")
    port = str(free_port())
    processes.start("serve", RAG_ASK_PORT=port)
    worker = processes.start("worker")
    until(lambda: fetch(int(port), "/readyz")[0] == 200 and is_connected(own_settings))
    seen = processes.run("doctor", RAG_ASK_PORT=port)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert [line.split() for line in seen.stdout.splitlines()] == [
        ["settings", "well"],
        ["web", "server", "well"],
        ["worker", "well"],
        ["sites", "1", "of", "1", "well"],
    ]
    worker.kill()
    worker.wait(10)
    until(lambda: not is_connected(own_settings))
    seen = processes.run("doctor", RAG_ASK_PORT=port)
    assert seen.returncode == 1
    assert "worker      none is connected" in seen.stdout


def test_each_fault_is_told_with_its_remedy(own_site, own_settings, processes):
    set_origin(own_settings, "https://own.example")
    own_site.push(own_site.upsert(1, 1, "<p>The shop opens at seven.</p>"))
    with psycopg.connect(own_settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE documents SET next_attempt_at = now() - interval '5 minutes'")
        owner.execute("INSERT INTO refused_origins (site_id, origin) VALUES ('own-site', 'https://copy.example')")
    seen = processes.run("doctor", RAG_ASK_PORT=str(free_port()))
    assert seen.returncode == 1
    for remedy in (
        "Run rag-ask serve, or correct RAG_ASK_PUBLIC_URL",
        "and nobody takes them. Run rag-ask worker",
        "browsers refuse http:// from an https:// page",
        "rag-ask sites origins own-site add https://copy.example",
    ):
        assert remedy in seen.stdout


def test_many_sites_fit_on_a_screen(own_site, own_settings, processes):
    with own_site.database.system() as connection:
        for number in range(30):
            sites.add(connection, f"site-{number}", "", "https://own.example")
    seen = processes.run("doctor", RAG_ASK_PORT=str(free_port()))
    assert "sites       0 of 31 well" in seen.stdout
    assert seen.stdout.count("it has pushed nothing") == doctor.MAX_SITES


def test_another_secret_is_told(own_site, processes):
    seen = processes.run("doctor", RAG_ASK_SECRET="another secret of more than thirty-two bytes")
    assert seen.returncode == 1
    assert "RAG_ASK_SECRET is another one than when the database was migrated" in seen.stdout


def test_settings_that_cannot_be_used_are_told_alone(own_site, processes):
    seen = processes.run("doctor", RAG_ASK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert seen.returncode == 1
    assert "Start Postgres" in seen.stdout
    assert "own-site" not in seen.stdout
