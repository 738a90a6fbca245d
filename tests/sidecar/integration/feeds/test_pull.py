"""A WordPress site without the plugin becomes the documents of a site, again and again, whatever goes wrong."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from rich.progress import Progress

from fakes import rest_api
from rag_ask.errors import RagAskError
from rag_ask.feeds.http_cache import PullPages
from rag_ask.feeds.pull import Options, pull
from rag_ask.feeds.robots import Robots
from rag_ask.feeds.summary import Summary
from rag_ask.feeds.wordpress_api import WordPressApi
from rag_ask.web.http_client import Login, Web
from rag_ask.web.ssrf_guard import PublicNetwork

HTML = {"Content-Type": "text/html; charset=UTF-8"}
JSON = rest_api.JSON


@pytest.fixture
def blog():
    with rest_api.serving() as served:
        yield served


class Puller:
    """Pulls the blog into a site, as the command does."""

    def __init__(self, database, wordpress, blog):
        self.database, self.wordpress, self.blog, self.slept = database, wordpress, blog, []

    def __call__(self, sweep=True, robots=True, url=None, login=None, **options):
        network = PublicNetwork(["blog.test", "other.test"], [self.blog.port], lambda *_: ["127.0.0.1"])
        web = Web(network, 0, self.slept.append, login=login)
        self.summary, self.blog.requests, self.blog.headers = Summary(), [], []
        site_id = self.wordpress.site_id
        api = WordPressApi(web, Robots(web) if robots else None, PullPages(self.database, site_id))
        try:
            chosen = Options(url or self.blog.url, **options)
            pull(self.database, site_id, api, chosen, self.summary, Progress(disable=True), sweep=sweep)
        finally:
            web.close()
        return self.counts

    @property
    def counts(self):
        return self.summary.new, self.summary.changed, self.summary.unchanged, self.summary.deleted

    def fails(self, **options):
        with pytest.raises(RagAskError) as raised:
            self(**options)
        return raised.value.code

    def rows(self, columns="title"):
        with self.database.system() as connection:
            found = connection.execute(
                f"SELECT post_id, {columns} FROM documents WHERE site_id = %s AND state <> 'deleted' ORDER BY post_id",
                (self.wordpress.site_id,),
            ).fetchall()
        return {row.pop("post_id"): row.get(columns, row) for row in found}

    def states(self):
        with self.database.system() as connection:
            found = connection.execute(
                "SELECT post_id, state, version FROM documents WHERE site_id = %s", (self.wordpress.site_id,)
            ).fetchall()
        return {row["post_id"]: (row["state"], row["version"]) for row in found}

    def execute(self, query, *values):
        with self.database.system() as connection:
            connection.execute(query, (*values, self.wordpress.site_id))


@pytest.fixture
def puller(database, wordpress, blog):
    return Puller(database, wordpress, blog)


def test_posts_pages_and_custom_types_are_read_and_answered_from(puller, blog, wordpress):
    blog.types["recipe"] = "recipes"
    blog.publish(1, "The shop opens at seven.", title={"rendered": "Tom &amp; <em>Ann</em>&#8217;s shop"})
    blog.publish(2, "We bake on Mondays.", type="page")
    blog.publish(3, "Salt the dough.", type="recipe")
    assert puller() == (3, 0, 0, 0)
    rows = puller.rows("title, type, url, language, groups, published_at, modified_at")
    assert rows[1] == {
        "title": "Tom & Ann’s shop",
        "type": "post",
        "url": f"{blog.url}/?p=1",
        "language": "en-GB",
        "groups": ["public"],
        "published_at": datetime(2026, 11, 1, 10, tzinfo=UTC),
        "modified_at": datetime(2026, 11, 1, 10, tzinfo=UTC),
    }
    assert [row["type"] for row in rows.values()] == ["post", "page", "recipe"]
    wordpress.index()
    assert "The shop opens at seven" in wordpress.ask("When does the shop open?")["answer"]
    assert not [request for request in blog.requests if "media" in request or "blocks" in request]


def test_a_second_run_reads_only_the_lists(puller, blog):
    for post_id in range(1, 4):
        blog.publish(post_id, "Text.")
    puller()
    before = puller.states()
    assert puller() == (0, 0, 3, 0)
    assert not [request for request in blog.requests if "content.rendered" in request]
    assert puller.states() == before


def test_an_edit_a_new_post_and_a_deletion(puller, blog):
    for post_id in range(1, 5):
        blog.publish(post_id, "Text.")
    puller()
    before = puller.states()
    blog.publish(2, "Other text.", modified_gmt="2026-11-02T10:00:00")
    blog.publish(9, "New.")
    del blog.posts[4]
    assert puller() == (1, 1, 2, 1)
    after = puller.states()
    assert after[4][0] == "deleted"
    assert after[2][1] > before[2][1] and after[4][1] > before[4][1]
    assert (after[1], after[3]) == (before[1], before[3])
    assert "Other text." in puller.rows("html")[2]


@pytest.mark.parametrize(
    "hide",
    [
        {"status": "private"},
        {"status": "draft"},
        {"content": {"rendered": "", "protected": True}},
    ],
)
def test_what_is_no_longer_public_goes_out_of_answers_at_once(puller, blog, wordpress, hide):
    blog.publish(1, "The shop opens at seven.")
    blog.publish(2, "Another text.")
    puller()
    wordpress.index()
    assert wordpress.ask("When does the shop open?")["outcome"] != "abstained"
    blog.posts[1] |= hide
    assert puller() == (0, 0, 1, 1)
    assert wordpress.ask("When does the shop open?")["outcome"] == "abstained"


def test_a_post_behind_a_password_is_never_read(puller, blog):
    blog.publish(1, "Text.")
    blog.publish(2, "", content={"rendered": "", "protected": True})
    assert puller() == (1, 0, 0, 0)
    assert puller.summary.excluded == {"password": ["post 2"]}


def test_a_scheduled_post_appears_with_the_old_time_it_was_written(puller, blog):
    """WordPress does not touch the modification time when it publishes on schedule."""
    blog.publish(1, "Text.", modified_gmt="2026-11-10T10:00:00")
    puller()
    blog.publish(2, "Scheduled long ago.", modified_gmt="2026-10-01T10:00:00")
    assert puller() == (1, 0, 1, 0)


def test_between_sweeps_only_what_was_modified_is_listed(puller, blog):
    for post_id in range(1, 150):
        blog.publish(post_id, "Text.")
    blog.publish(150, "Text.", modified_gmt="2026-11-20T10:00:00")
    assert puller()[0] == 150
    blog.publish(7, "Changed.", modified_gmt="2026-11-20T11:00:00")
    blog.posts[150]["content"]["protected"] = True
    blog.posts[150]["modified_gmt"] = "2026-11-20T12:00:00"
    del blog.posts[9]
    assert puller(sweep=False) == (0, 1, 0, 1)
    lists = [request for request in blog.requests if "/posts?" in request and "include" not in request]
    assert len(lists) == 1 and "modified_after=2026-11-19T00:00:00Z" in lists[0]
    assert {9, 7} < puller.rows().keys() and 150 not in puller.rows()
    assert puller() == (0, 0, 148, 1)
    assert 9 not in puller.rows()


def test_paging_reads_every_page_with_and_without_total_headers(puller, blog):
    for post_id in range(1, 251):
        blog.publish(post_id, "Text.")
    assert puller()[0] == 250
    blog.total_headers = False
    assert puller() == (0, 0, 250, 0)
    assert sum("page=3" in request for request in blog.requests) == 1


def test_a_list_that_moves_while_it_is_read_loses_nothing(puller, blog):
    for post_id in range(1, 202):
        blog.publish(post_id, "Text.")
    puller()

    def page_2_after_a_deletion():
        # What was first on page 2 is now last on page 1, which was read already.
        del blog.posts[1]

    blog.break_with("&page=2", page_2_after_a_deletion)
    assert puller() == (0, 0, 200, 0)
    assert 101 in puller.rows()
    assert puller() == (0, 0, 200, 1)


def test_a_list_that_became_shorter_ends(puller, blog):
    for post_id in range(1, 102):
        blog.publish(post_id, "Text.")
    puller()

    def one_page_less():
        del blog.posts[1]

    blog.break_with("&page=2", one_page_less)
    assert puller() == (0, 0, 100, 0)
    assert puller() == (0, 0, 100, 1)


def test_a_sweep_that_fails_half_way_deletes_nothing(puller, blog):
    for post_id in range(1, 151):
        blog.publish(post_id, "Text.")
    puller()
    del blog.posts[1]
    blog.break_with("&page=2", *[(503, HTML, b"")] * 4)
    assert puller.fails() == "site_unavailable"
    assert len(puller.rows()) == 150
    assert puller()[3] == 1


def test_a_mass_delete_is_asked_for(puller, blog):
    for post_id in range(1, 6):
        blog.publish(post_id, "Text.")
    puller()
    for post_id in (1, 2, 3):
        del blog.posts[post_id]
    blog.publish(6, "New.")
    assert puller.fails() == "mass_delete"
    assert puller.rows().keys() == {1, 2, 3, 4, 5, 6}
    assert puller(allow_mass_delete=True)[3] == 3
    assert puller.rows().keys() == {4, 5, 6}


def test_a_restored_post_rises_above_its_tombstone(puller, blog):
    blog.publish(1, "Text.")
    blog.publish(2, "Text.")
    puller()
    gone = blog.posts.pop(1)
    puller()
    tombstone = puller.states()[1]
    blog.posts[1] = gone
    assert puller() == (1, 0, 1, 0)
    assert puller.states()[1][0] == "pending"
    assert puller.states()[1][1] > tombstone[1]


def test_a_row_whose_version_is_ahead_of_the_clock_is_written(puller, blog):
    blog.publish(1, "Text.")
    blog.publish(2, "Text.")
    puller()
    ahead = 2**62
    puller.execute("UPDATE documents SET version = %s WHERE site_id = %s", ahead)
    blog.publish(1, "Changed.", modified_gmt="2026-11-02T10:00:00")
    del blog.posts[2]
    assert puller() == (0, 1, 0, 1)
    assert {version for _, version in puller.states().values()} == {ahead + 1}


def test_tombstones_are_purged_after_a_month(puller, blog):
    for post_id in (1, 2, 3):
        blog.publish(post_id, "Text.")
    puller()
    del blog.posts[1]
    puller()
    age = timedelta(days=29)
    puller.execute("UPDATE documents SET pushed_at = pushed_at - %s WHERE site_id = %s", age)
    puller()
    assert puller.states()[1][0] == "deleted"
    puller.execute("UPDATE documents SET pushed_at = pushed_at - %s WHERE site_id = %s", timedelta(days=2))
    puller()
    assert puller.states().keys() == {2, 3}


def test_a_post_whose_type_changed_is_kept(puller, blog):
    for post_id in (1, 2):
        blog.publish(post_id, "Text.")
    puller()
    blog.posts[1] |= {"type": "page", "modified_gmt": "2026-11-02T10:00:00"}
    assert puller() == (0, 1, 1, 0)
    assert puller.rows("type") == {1: "page", 2: "post"}


def test_posts_of_a_type_that_is_gone_are_gone(puller, blog):
    blog.types["recipe"] = "recipes"
    for post_id in (1, 2, 3):
        blog.publish(post_id, "Text.")
    blog.publish(4, "Text.", type="recipe")
    puller()
    del blog.types["recipe"]
    assert puller() == (0, 0, 3, 1)
    assert 4 not in puller.rows()


def test_a_type_that_is_closed_keeps_its_documents_and_is_named(puller, blog):
    blog.types["recipe"] = "recipes"
    blog.publish(1, "Text.")
    blog.publish(2, "Text.", type="recipe")
    puller()
    blog.closed_types = {"recipe"}
    assert puller() == (0, 0, 1, 0)
    assert puller.summary.excluded == {"site_forbidden": ["recipe"]}
    assert 2 in puller.rows()
    blog.closed_types = {"post"}
    assert puller.fails() == "site_forbidden"


def test_only_the_types_asked_for(puller, blog):
    blog.publish(1, "Text.")
    blog.publish(2, "Text.", type="page")
    assert puller(types=("page",)) == (1, 0, 0, 0)
    assert puller.fails(types=("recipe",)) == "type_unknown"


def test_a_run_that_stopped_half_way_is_continued(puller, blog):
    for post_id in range(1, 121):
        blog.publish(post_id, "Text.")

    blog.break_with("content.rendered", lambda: None, *[(503, HTML, b"")] * 4)
    assert puller.fails() == "site_unavailable"
    assert len(puller.rows()) == 50
    assert puller() == (70, 0, 50, 0)


def test_full_reads_everything_and_writes_what_differs(puller, blog):
    for post_id in (1, 2):
        blog.publish(post_id, "Text.")
    puller()
    blog.posts[1]["content"]["rendered"] = "<p>The list of a block that changed by itself.</p>"
    assert puller() == (0, 0, 2, 0)
    assert puller(read_all=True) == (0, 1, 1, 0)


def test_the_same_text_touched_is_not_indexed_again(puller, blog, wordpress):
    blog.publish(1, "Text.")
    puller()
    wordpress.index()
    blog.posts[1]["modified_gmt"] = "2026-11-05T10:00:00"
    assert puller() == (0, 1, 0, 0)
    assert puller.states()[1][0] == "indexed"
    assert puller() == (0, 0, 1, 0)


def test_an_unchanged_list_is_not_sent_again(puller, blog):
    blog.etags = True
    for post_id in range(1, 121):
        blog.publish(post_id, "Text.")
    assert puller() == (120, 0, 0, 0)
    assert puller() == (0, 0, 120, 0)
    conditional = [headers for headers in blog.headers if "if-none-match" in headers]
    # Two pages of posts and one, empty, of pages.
    assert len(conditional) == 3
    blog.publish(1, "Changed.", modified_gmt="2026-11-02T10:00:00")
    assert puller() == (0, 1, 119, 0)


def test_pages_that_nobody_asks_for_are_forgotten(puller, blog):
    blog.etags = True
    blog.publish(1, "Text.")
    puller()
    puller.execute("UPDATE pull_pages SET used_at = used_at - interval '31 days', url = url || 'x' WHERE site_id = %s")
    puller()
    with puller.database.system() as connection:
        urls = connection.execute("SELECT url FROM pull_pages WHERE site_id = %s", (puller.wordpress.site_id,))
        assert not [row["url"] for row in urls if row["url"].endswith("x")]


def test_one_broken_post_stops_no_other(puller, blog):
    for post_id in range(1, 9):
        blog.publish(post_id, "Text.")
    answer = blog.answer

    def fatal_for_5(target, headers):
        if "content.rendered" in target and "5" in target.split("include=")[1].split("&")[0].split(","):
            return 500, HTML, b"<p>There has been a critical error on this website.</p>"
        return answer(target, headers)

    blog.answer = fatal_for_5
    assert puller()[0] == 7
    assert puller.summary.excluded == {"site_failed": ["post 5"]}
    assert puller.rows().keys() == {1, 2, 3, 4, 6, 7, 8}


def test_a_document_that_cannot_be_is_named_and_excluded(puller, blog):
    blog.publish(1, "Text.")
    blog.publish(2, "Text.", link="javascript:alert(1)")
    assert puller()[0] == 1
    assert [name[:12] for name in puller.summary.excluded["invalid_document"]] == ["post 2: url:"]


@pytest.mark.parametrize(("link_header", "pretty"), [(True, True), (False, True), (False, False)])
def test_the_api_is_found(puller, blog, link_header, pretty):
    blog.link_header, blog.pretty = link_header, pretty
    blog.publish(1, "Text.")
    assert puller()[0] == 1
    assert any("rest_route" in request for request in blog.requests) is not pretty


def test_an_address_that_is_none_is_told_so(puller):
    assert puller.fails(url="ftp://blog.test/") == "url_invalid"


def test_a_site_without_wordpress_is_told_so(puller, blog):
    blog.link_header = False
    blog.break_with("wp-json", (404, HTML, b""))
    blog.break_with("rest_route", (200, HTML, b"<p>Hello"))
    assert puller.fails() == "not_wordpress"


def test_robots_txt_is_heeded_unless_the_site_is_ones_own(puller, blog):
    blog.robots = "User-agent: *\nDisallow: /wp-json/\n"
    blog.publish(1, "Text.")
    assert puller.fails() == "robots_disallowed"
    assert [request for request in blog.requests if "wp-json" in request] == []
    assert puller(robots=False)[0] == 1
    assert "/robots.txt" not in blog.requests


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        ((200, HTML, b"<html>Log in</html>"), "not_json"),
        ((200, JSON, b'[{"id": 1'), "invalid_json"),
        ((200, JSON, b"\xff\xfe"), "invalid_json"),
        ((200, JSON, b'[{"id": "one"}]'), "invalid_json"),
        ((200, JSON, b'{"code": "odd"}'), "invalid_json"),
        ((200, JSON, b"[" * 100_000), "invalid_json"),
        ((401, JSON, b"{}"), "site_forbidden"),
        ((403, HTML, b"Blocked"), "site_forbidden"),
        ((404, HTML, b""), "not_found"),
        ((418, HTML, b""), "site_refused"),
        ((429, HTML, b""), "site_busy"),
        ((500, HTML, b""), "site_failed"),
        ((503, HTML, b""), "site_unavailable"),
    ],
)
def test_bad_answers_have_codes_and_delete_nothing(puller, blog, reply, code):
    blog.publish(1, "Text.")
    puller()
    blog.break_with("/posts?", *[reply] * 4)
    assert puller.fails() == code
    assert puller.rows().keys() == {1}


def test_a_site_that_the_plugin_feeds_is_not_pulled_into_by_mistake(puller, blog, wordpress):
    wordpress.push(wordpress.upsert(1, 1, "<p>Pushed.</p>"))
    blog.publish(1, "Pulled.")
    assert puller.fails() == "fed_otherwise"
    assert "Pushed." in puller.rows("html")[1]
    assert puller(adopt=True) == (0, 1, 0, 0)
    assert puller() == (0, 0, 1, 0)


def test_a_site_is_not_pulled_from_two_addresses(puller, blog):
    blog.publish(1, "Text.")
    puller()
    with rest_api.serving() as other:
        other.publish(1, "Another site.")
        puller.blog = other
        assert puller.fails() == "fed_otherwise"


def test_two_runs_at_once_agree(puller, database, wordpress, blog):
    for post_id in range(1, 121):
        blog.publish(post_id, "Text.")
    pullers = [Puller(database, wordpress, blog) for _ in range(2)]
    threads = [threading.Thread(target=each) for each in pullers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(each.summary.new for each in pullers) == 120
    assert len(puller.rows()) == 120
    assert puller() == (0, 0, 120, 0)


def test_a_type_without_pages_is_left_out_and_named(puller, blog):
    blog.types["popup"] = "popups"
    blog.publish(1, "Text.")
    blog.publish(2, "Buy now.", type="popup")
    assert puller() == (2, 0, 0, 0)
    # There, the site answers 404.
    blog.posts[2]["link"] = f"{blog.url}/popup/buy/"
    assert puller() == (0, 0, 1, 1)
    assert puller.summary.excluded == {"not_public": ["popup"]}
    assert 2 not in puller.rows()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, JSON, b'{"code":"rest_invalid_param"}'), "site_refused"),
        ((200, JSON, b'{"recipes":[]}'), "invalid_json"),
        ((200, HTML, b"<p>Recipes"), "not_json"),
    ],
)
def test_an_odd_type_does_not_stop_the_run(puller, blog, answer, code):
    blog.types = {"recipe": "recipes", **blog.types}
    blog.publish(1, "Text.")
    blog.publish(2, "Text.", type="recipe")
    puller()
    blog.publish(3, "More.")
    blog.break_with("/recipes", answer)
    assert puller() == (1, 0, 1, 0)
    assert puller.summary.excluded == {code: ["recipe"]}
    assert set(puller.rows()) == {1, 2, 3}


def test_the_api_is_found_by_the_link_in_the_page(puller, blog):
    blog.link_header, blog.pretty = False, False
    blog.home = f'<html lang="en"><link rel="https://api.w.org/" href="{blog.url}/index.php?rest_route=/"><p>Hello'
    blog.publish(1, "Text.")
    assert puller() == (1, 0, 0, 0)


def test_excerpt_author_and_terms_come_along(puller, blog):
    terms = [
        [{"taxonomy": "category", "slug": "uncategorized", "name": "Uncategorized"}],
        [{"taxonomy": "post_tag", "slug": "tea", "name": "Tea &amp; cake"}],
    ]
    embedded = {"author": [{"name": "Ada Baker"}], "wp:term": terms}
    excerpt = {"rendered": "<ul><li>Mulled cider</li><li>Chestnuts</li></ul>", "protected": False}
    blog.publish(1, "Text.", _embedded=embedded, excerpt=excerpt)
    blog.publish(2, "Text that goes on and on.", type="page", _embedded={"author": [{"name": "admin"}]})
    puller()
    rows = puller.rows("excerpt, author, terms")
    assert rows[1] == {
        "excerpt": "Mulled cider Chestnuts",
        "author": "Ada Baker",
        "terms": [{"taxonomy": "post_tag", "name": "Tea & cake"}],
    }
    # WordPress cut the excerpt off the text, and the author of a page is who set up the site.
    assert rows[2] == {"excerpt": "", "author": "", "terms": []}


@pytest.mark.parametrize(("link", "second"), [("walk/", "walk/2/"), ("walk", "walk/2"), ("?p=1", "?p=1&page=2")])
def test_a_divided_post_has_the_addresses_of_its_pages(puller, blog, link, second):
    blog.publish(1, "River.</p><!--nextpage--><p>Hill.", link=f"{blog.url}/{link}")
    puller()
    assert puller.rows("page_urls") == {1: [f"{blog.url}/{second}"]}


def test_an_application_password_goes_to_its_site_only(puller, blog):
    blog.publish(1, "Text.")
    away = blog.url.replace("blog.test", "other.test")
    blog.break_with("content.rendered", (302, {"Location": f"{away}/elsewhere"}, b""))
    puller.fails(login=Login(blog.url, "reader", "abcd efgh"))
    sent = [headers.get("authorization") for headers in blog.headers]
    assert sent[:-2] == ["Basic cmVhZGVyOmFiY2QgZWZnaA=="] * (len(sent) - 2)
    assert [(headers["host"], name) for headers, name in zip(blog.headers[-2:], sent[-2:], strict=True)] == [
        (f"other.test:{blog.port}", None)
    ] * 2
