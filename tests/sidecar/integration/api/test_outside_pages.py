"""Pages outside WordPress: the script, and the tokens of their visitors."""

from __future__ import annotations

import dataclasses

import pytest
from click.testing import CliRunner

from rag_ask.api.app import create_app
from rag_ask.cli.main import main
from rag_ask.db import addresses, sites

PAGE = "https://docs.example.test"
QUESTION = {"question": "When does the shop open?"}


@pytest.fixture
def outside(wordpress):
    """A site that answers a page on another host."""
    with wordpress.database.system() as connection:
        site = sites.find(connection, wordpress.site_id)
        addresses.add_origins(connection, site, [PAGE])
        sites.allow_outside_pages(connection, wordpress.site_id, is_on=True)
    wordpress.publish(1, 1, "<p>The shop opens at seven in the morning.</p>", title="Opening hours")
    wordpress.publish(2, 1, "<p>The shop has a cellar that members open.</p>", groups=["role:member"])
    return wordpress


def token(wordpress, origin=PAGE, client=None, **sent):
    headers = {"Origin": origin} if origin else {}
    forwarded = {"X-Forwarded-For": sent.pop("forwarded")} if "forwarded" in sent else {}
    return (client or wordpress.client).post(
        "/v1/token", query_string={"site": wordpress.site_id} | sent, headers=headers | forwarded
    )


def test_a_page_of_a_registered_origin_asks_as_a_guest(outside):
    given = token(outside, language="en-GB")
    assert (given.status_code, given.headers["Cache-Control"]) == (200, "no-store")
    answer = outside.post("/v1/ask", QUESTION, given.json["token"], Origin=PAGE)
    assert "seven in the morning" in answer.json["answer"]
    cellar = outside.post("/v1/search", {"question": "Who opens the cellar?"}, given.json["token"], Origin=PAGE)
    assert all("cellar" not in passage["text"] for passage in cellar.json["passages"])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_other_pages_get_no_token(outside, origin):
    refused = token(outside, origin)
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "origin_not_allowed")


def test_it_is_off_until_it_is_switched_on(outside, settings, monkeypatch):
    monkeypatch.setenv("RAG_ASK_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RAG_ASK_SECRET", settings.secret.decode())

    def switch(to):
        return CliRunner().invoke(main, ["sites", "outside", outside.site_id, to])

    assert switch("off").exit_code == 0
    assert token(outside).json["error"]["code"] == "outside_pages_off"
    tag = f'<script defer src="http://127.0.0.1:8787/rag-ask.js" data-site="{outside.site_id}"></script>'
    assert switch("on").output.strip() == tag
    assert token(outside).status_code == 200


def test_a_site_is_off_at_first(wordpress):
    assert token(wordpress, wordpress.urls[0]).json["error"]["code"] == "outside_pages_off"


def test_visitors_are_told_apart_behind_proxies_that_were_named(outside, settings):
    """Without them all are one visitor, which nobody can change by a header."""
    for proxies, statuses in ((0, {200, 429}), (1, {200})):
        app = create_app(dataclasses.replace(settings, proxies=proxies))
        given = {
            token(outside, client=app.test_client(), forwarded=f"203.0.113.7, 198.51.100.{number}").status_code
            for number in range(21)
        }
        app.extensions["rag_ask"].database.close()
        assert given == statuses


def test_the_script_can_be_cached_and_loaded_by_any_page(app):
    client = app.test_client()
    script = client.get("/rag-ask.js")
    assert (script.status_code, script.mimetype) == (200, "text/javascript")
    assert script.headers["Cache-Control"] == "public, max-age=3600"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/rag-ask.js", headers={"If-None-Match": script.headers["ETag"]}).status_code == 304
