"""What the sidecar does without Redis or with a full disk, and that its readiness says so."""

import dataclasses
import signal

import psycopg
import pytest
from redis_process import running_redis

from fakes import openai_server
from fakes.wordpress import WordPress
from rag_ask.api.app import create_app
from rag_ask.db.database import Database

QUESTION = {"question": "When does the shop open?"}
COUNTED = ("usage", "reservations", "answers", "questions")


@pytest.fixture
def redis_server(tmp_path):
    with running_redis(tmp_path) as (url, server):
        server.url = url
        yield server


@pytest.fixture
def limited(settings, wordpress, redis_server):
    changes = {"redis_url": redis_server.url, "cache": "redis", "visitor_limits": "3 per minute"}
    app = create_app(dataclasses.replace(settings, **changes))
    wordpress.client = app.test_client()
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    yield wordpress
    app.extensions["rag_ask"].database.close()


def statuses(site, visitor, count):
    token = site.ask_token(sub=visitor)
    return [site.post("/v1/ask", QUESTION, token).status_code for _ in range(count)]


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_without_redis_questions_are_answered_and_limited(limited, redis_server, fault):
    assert limited.client.get("/readyz").json["warnings"] == []
    assert statuses(limited, "before", 4) == [200, 200, 200, 429]
    redis_server.send_signal(fault)
    assert statuses(limited, "meanwhile", 4) == [200, 200, 200, 429]
    ready = limited.client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert "Redis does not answer" in ready.json["warnings"][0]


@pytest.fixture
def full_site(own_settings, provider):
    """A paid model, and a database that has no room for a row of what is counted."""
    app = create_app(dataclasses.replace(own_settings, answer_model="openai", openai_api_key="sk-key"))
    database = Database(own_settings, tenant_size=2, system_size=2, statement_timeout_s=30)
    database.open()
    site = WordPress(app.test_client(), database, "full-site")
    site.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    with psycopg.connect(own_settings.database_url) as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
        )
        for table in COUNTED:
            connection.execute(
                f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION full_disk()"
            )
    yield site
    app.extensions["rag_ask"].database.close()
    database.close()


def test_on_a_full_disk_questions_are_answered_uncounted_and_unpaid(full_site, provider):
    assert full_site.client.get("/readyz").json["warnings"] == []
    for accept in ("application/json", "text/event-stream"):
        response = full_site.post("/v1/ask", QUESTION, Accept=accept)
        assert (response.status_code, "seven" in response.text) == (200, True)
    assert chats(provider) == 0
    ready = full_site.client.get("/readyz")
    assert (ready.status_code, "disk is full" in ready.json["warnings"][0]) == (200, True)


def chats(provider: openai_server.OpenAIServer) -> int:
    return len([request for request in provider.requests if request.path == "/v1/chat/completions"])
