"""Several addresses of one site: pages of all of them may ask, and a refused one is told to the owner."""

from __future__ import annotations

import contract
import pytest

from rag_ask.db import addresses, refused_origins, sites
from rag_ask.errors import BadRequest

QUESTION = {"question": "When do you open?"}


def asked_from(wordpress, origin):
    return wordpress.post("/v1/ask", QUESTION, Origin=origin).status_code


def refused(wordpress):
    return [row["origin"] for row in wordpress.status()["refused_origins"]]


def test_a_site_that_changed_to_https_and_www_is_answered(wordpress):
    """As h03: the owner changes the address, and visitors ask from the new one."""
    new = f"https://www.{wordpress.site_id}.example"
    assert asked_from(wordpress, new) == 403
    assert refused(wordpress) == [new]
    wordpress.urls = [new, f"https://{wordpress.site_id}.example"]
    wordpress.push()
    assert asked_from(wordpress, new) == 200
    assert asked_from(wordpress, f"https://{wordpress.site_id}.example") == 200
    assert refused(wordpress) == []


def test_an_origin_that_the_plugin_names_no_more_is_refused(wordpress):
    other = "https://shop.example.test"
    wordpress.urls += [f"{other}/start/"]
    wordpress.push()
    assert asked_from(wordpress, other) == 200
    del wordpress.urls[1:]
    wordpress.push()
    assert asked_from(wordpress, other) == 403


def test_pages_of_pushed_origins_may_read_the_answer(wordpress, monkeypatch):
    monkeypatch.setattr("rag_ask.api.cors.ORIGINS_MAX_AGE_S", -1.0)
    wordpress.urls += ["https://shop.example.test"]
    wordpress.push()
    response = wordpress.post("/v1/ask", QUESTION, Origin="https://shop.example.test")
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example.test"


@pytest.mark.parametrize(
    ("registered", "sent"),
    [
        ("https://Bäckerei.example", "https://xn--bckerei-5wa.example"),
        ("https://bäckerei.example", "https://Bäckerei.example"),
        ("http://[2001:DB8:0::1]:8080", "http://[2001:db8::1]:8080"),
        ("http://[2001:db8::1]", "http://[2001:db8:0:0:0:0:0:1]:80"),
        ("https://shop.example.test:443", "HTTPS://shop.example.test"),
    ],
)
def test_origins_are_compared_as_browsers_send_them(wordpress, database, registered, sent):
    with database.system() as connection:
        addresses.add_origins(connection, sites.find(connection, wordpress.site_id), [registered])
    assert asked_from(wordpress, sent) == 200


@pytest.mark.parametrize("origin", ["null", "https://", "file://", "https://" + "a." * 200 + "example"])
def test_what_is_no_origin_is_refused_and_not_kept(wordpress, origin):
    assert asked_from(wordpress, origin) == 403
    assert refused(wordpress) == []


def test_a_flood_of_origins_is_bounded(wordpress, database):
    with database.tenant(wordpress.site_id) as connection:
        for number in range(refused_origins.MAX_ORIGINS + 5):
            refused_origins.note(connection, wordpress.site_id, f"https://{number}.example")
    assert len(refused(wordpress)) == refused_origins.MAX_ORIGINS
    with database.system() as connection:
        connection.execute("UPDATE refused_origins SET last_at = now() - interval '8 days'")
    assert refused(wordpress) == []
    assert asked_from(wordpress, "https://evil.example") == 403
    assert refused(wordpress) == ["https://evil.example"]


def test_only_a_token_of_the_site_is_noted(wordpress):
    response = wordpress.post("/v1/ask", QUESTION, "forged", Origin="https://evil.example")
    assert response.status_code == 401
    assert refused(wordpress) == []


def test_the_status_has_the_form_of_the_contract(wordpress):
    asked_from(wordpress, "https://evil.example")
    (found,) = wordpress.status()["refused_origins"]
    assert found.keys() == contract.message("status-response")["refused_origins"][0].keys()


def test_the_operator_adds_and_removes_origins(wordpress, run):
    own, other = f"https://{wordpress.site_id}.example", "https://shop.example.test"
    wordpress.push()

    def origins(*arguments):
        done = run("sites", "origins", wordpress.site_id, *arguments)
        return done.returncode, done.stdout.split("\n")[:-1] if done.returncode == 0 else done.stderr

    assert origins("list") == (0, [f"{own}\tnamed by the plugin"])
    assert origins("add", f"{other}/start/") == (0, [f"{own}\tnamed by the plugin", other])
    assert asked_from(wordpress, other) == 200
    assert other in run("sites", "list").stdout
    assert origins("remove", other) == (0, [f"{own}\tnamed by the plugin"])
    assert asked_from(wordpress, other) == 403
    code, message = origins("remove", own)
    assert (code, "names" in message) == (1, True)
    assert origins("remove", other)[0] == 1
    assert origins("add")[0] == 2


def test_the_last_origin_stays(wordpress, database):
    with database.system() as connection:
        site = sites.find(connection, wordpress.site_id)
        with pytest.raises(BadRequest, match="needs one origin"):
            addresses.remove_origins(connection, site, site.origins)


def test_what_is_no_url_is_not_added(wordpress, run):
    done = run("sites", "origins", wordpress.site_id, "add", "javascript:alert(1)")
    assert (done.returncode, "is not a URL" in done.stderr) == (1, True)
