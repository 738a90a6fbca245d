"""robots.txt is asked for once and heeded."""

import pytest

from fakes import rest_api
from rag_ask.errors import RagAskError
from rag_ask.feeds.http_client import Web
from rag_ask.feeds.robots import Robots
from rag_ask.feeds.ssrf_guard import PublicNetwork


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


def test_no_robots_txt_forbids_nothing(site, web):
    site.break_with("/robots.txt", (404, {"Content-Type": "text/html"}, b"User-agent: *\nDisallow: /"))
    Robots(web).check(f"{site.url}/")


def test_robots_txt_that_cannot_be_read_forbids_everything(site, web):
    site.break_with("/robots.txt", *[(503, {}, b"")] * 4)
    with pytest.raises(RagAskError) as refused:
        Robots(web).check(f"{site.url}/")
    assert refused.value.code == "robots_unavailable"
