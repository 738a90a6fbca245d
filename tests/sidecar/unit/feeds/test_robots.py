"""robots.txt is asked for once and heeded."""

import pytest

from fakes import rest_api
from rag_ask.errors import RagAskError
from rag_ask.feeds.robots import Robots
from rag_ask.web.http_client import Web
from rag_ask.web.ssrf_guard import PublicNetwork


@pytest.fixture
def site():
    with rest_api.serving() as served:
        yield served


@pytest.fixture
def web(site):
    made = Web(PublicNetwork(["blog.test"], [site.port], lambda *_: ["127.0.0.1"]), 0, sleep=lambda _: None)
    yield made
    made.close()


def test_what_is_allowed_passes_and_the_rules_are_read_once(site, web):
    robots = Robots(web)
    for path in ("/", "/wp-json/wp/v2/posts?page=2"):
        robots.check(site.url + path)
    assert site.requests == ["/robots.txt"]


@pytest.mark.parametrize("agent", ["*", "rag-ask", "RAG-Ask"])
def test_what_is_forbidden_is_refused_with_the_remedy(site, web, agent):
    site.robots = f"User-agent: {agent}\nDisallow: /wp-json/\n"
    robots = Robots(web)
    robots.check(f"{site.url}/")
    with pytest.raises(RagAskError, match="--ignore-robots") as refused:
        robots.check(f"{site.url}/wp-json/wp/v2/posts")
    assert refused.value.code == "robots_disallowed"


def is_allowed(web, url):
    try:
        Robots(web).check(url)
    except RagAskError as error:
        assert error.code == "robots_disallowed"
        return False
    return True


@pytest.mark.parametrize(
    ("rules", "allowed", "forbidden"),
    [
        ("Disallow: /wp-json/*", ["/", "/wp-json"], ["/wp-json/", "/wp-json/wp/v2/posts?page=2"]),
        ("Disallow: /*?rest_route=", ["/?page=2"], ["/?rest_route=/wp/v2/posts"]),
        ("Disallow: /*/v2/*s", ["/wp-json/wp/v2/", "/v2/posts"], ["/wp-json/wp/v2/posts"]),
        ("Disallow: /wp-json/$", ["/wp-json/wp/v2/posts"], ["/wp-json/"]),
        ("Disallow: /*/posts$", ["/wp-json/wp/v2/posts?page=2"], ["/wp-json/wp/v2/posts"]),
        # The longest rule wins, wherever it stands; of two as long the one that allows.
        ("Disallow: /wp-json/\nAllow: /wp-json/wp/v2/", ["/wp-json/wp/v2/posts"], ["/wp-json/", "/wp-json/other"]),
        ("Allow: /wp-json/wp/v2/\nDisallow: /wp-json/", ["/wp-json/wp/v2/posts"], ["/wp-json/", "/wp-json/other"]),
        ("Disallow: /wp-json/\nAllow: /wp-json/", ["/wp-json/"], []),
        ("Disallow: /%7Eblog/\nDisallow: /caf\u00e9/", ["/blog/"], ["/~blog/", "/caf%C3%A9/"]),
        ("Disallow:", ["/", "/wp-json/"], []),
    ],
)
def test_the_rules_of_a_path(site, web, rules, allowed, forbidden):
    site.robots = f"User-agent: *\n{rules}\n"
    assert [path for path in allowed if not is_allowed(web, site.url + path)] == []
    assert [path for path in forbidden if is_allowed(web, site.url + path)] == []


def test_groups_for_the_same_program_count_together(site, web):
    site.robots = "User-agent: rag-ask\nDisallow: /a/\n\nUser-agent: rag-ask\nDisallow: /b/\n"
    assert [is_allowed(web, site.url + path) for path in ("/a/", "/b/", "/c/")] == [False, False, True]


def test_rules_for_others_are_not_ours(site, web):
    site.robots = "User-agent: otherbot\nDisallow: /\n\nUser-agent: *\nDisallow:\n"
    Robots(web).check(f"{site.url}/wp-json/")


def test_crawl_delay_slows_down_and_never_speeds_up(site, web):
    site.robots = "User-agent: *\nCrawl-delay: 7\n"
    Robots(web).check(f"{site.url}/")
    assert web.delay_s == 7
    web.delay_s = 20
    Robots(web).check(f"{site.url}/")
    assert web.delay_s == 20


def test_a_crawl_delay_of_an_hour_is_a_refusal(site, web):
    site.robots = "User-agent: *\nCrawl-delay: 3600\n"
    with pytest.raises(RagAskError, match="3600 s between requests"):
        Robots(web).check(f"{site.url}/")


@pytest.mark.parametrize("delay", ["soon", "-5", "nan", "inf"])
def test_a_crawl_delay_that_is_no_duration_counts_for_nothing(site, web, delay):
    site.robots = f"User-agent: *\nCrawl-delay: {delay}\n"
    Robots(web).check(f"{site.url}/")
    assert web.delay_s == 0


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_txt_forbids_nothing(site, web, status):
    site.break_with("/robots.txt", (status, {"Content-Type": "text/html"}, b"User-agent: *\nDisallow: /"))
    Robots(web).check(f"{site.url}/")


def test_a_page_in_place_of_robots_txt_forbids_nothing(site, web):
    site.robots = "<!doctype html>\n<html><body>\x00Not found: Disallow: /</body></html>"
    Robots(web).check(f"{site.url}/")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_txt_that_cannot_be_read_forbids_everything(site, web, status):
    site.break_with("/robots.txt", *[(status, {}, b"")] * 4)
    with pytest.raises(RagAskError) as refused:
        Robots(web).check(f"{site.url}/")
    assert refused.value.code == "robots_unavailable"
