"""Documents whose text is a file: the worker gets it as a guest does, and reads it beside the posts."""

import pytest
from office import pdf

from fakes import file_server
from fakes.wordpress import EMBEDDER
from rag_ask.indexing import indexer, queue
from rag_ask.indexing.files.extract import Limits
from rag_ask.indexing.files.reader import FileReader

RULES = pdf("Welcome to the house.", "Quiet hours are from ten to seven.")


@pytest.fixture
def server():
    with file_server.serving() as served:
        yield served


@pytest.fixture
def files():
    made = FileReader(Limits(max_bytes=100_000, max_pages=3, seconds=10), ["127.0.0.1"])
    yield made
    made.close()


@pytest.fixture
def push(wordpress, server):
    """Pushes a PDF of the site, and puts its bytes there."""

    def pushed(number, path, body, revision="1", version=1, **fields):
        if body is not None:
            server.files[path] = body
        file = {"kind": "pdf", "revision": revision}
        named = {"title": "Rules", "url": server.url + path, "file": file}
        change = wordpress.upsert(number, version, "", **(named | fields))
        assert wordpress.push(change).json["results"][0]["result"] == "accepted"

    return pushed


def index(wordpress, files):
    shift = indexer.Shift(wordpress.database, EMBEDDER, files=files)
    while indexer.index_file(shift):
        pass


def problems(wordpress):
    return {problem["id"]: problem["code"] for problem in wordpress.status()["problems"]}


def test_a_file_is_answered_from_and_cited_by_its_page(wordpress, server, files, push):
    push(1, "/rules.pdf", RULES)
    wordpress.index()
    assert wordpress.status()["documents"]["pending"] == 1, "posts do not wait for files"
    index(wordpress, files)
    [citation] = wordpress.ask("When are the quiet hours?")["citations"]
    assert (citation["title"], citation["url"]) == ("Rules", f"{server.url}/rules.pdf#page=2")
    assert citation["fragment_url"] == citation["url"]


def test_a_file_is_fetched_again_when_it_has_changed_and_only_then(wordpress, server, files, push):
    push(1, "/rules.pdf", RULES)
    index(wordpress, files)
    push(1, "/rules.pdf", pdf("Quiet hours are from nine to eight."), version=2)
    index(wordpress, files)
    assert server.asked == ["/rules.pdf"]
    push(1, "/rules.pdf", None, version=3, revision="2")
    index(wordpress, files)
    assert server.asked == ["/rules.pdf"] * 2
    assert "nine to eight" in wordpress.ask("When are the quiet hours?")["answer"]


def test_a_withdrawn_file_is_in_no_answer(wordpress, files, push):
    push(1, "/rules.pdf", RULES)
    index(wordpress, files)
    wordpress.push({"op": "delete", "id": 1, "version": 2})
    assert wordpress.ask("When are the quiet hours?")["outcome"] == "abstained"


def test_what_gives_no_text_fails_alone_with_its_reason(wordpress, server, files, push):
    push(1, "/scan.pdf", pdf(lambda page: page.rect(10, 10, 50, 50)))
    push(2, "/long.pdf", pdf(*["We bake bread every day."] * 4))
    push(3, "/large.pdf", b"%PDF-1.7" + b"0" * 100_000)
    push(4, "/gone.pdf", 404)
    push(5, "/members.pdf", b"<!DOCTYPE html><title>Log in</title>")
    push(6, "/busy.pdf", 503)
    push(7, "/rules.pdf", RULES)
    # The addresses of clouds, and of this machine by a name that is not allowed.
    push(8, "/x", None, url="http://169.254.169.254/latest/meta-data/")
    index(wordpress, files)
    assert problems(wordpress) == {
        1: "file_scanned",
        2: "file_too_long",
        3: "file_too_large",
        4: "file_refused",
        5: "file_refused",
        6: "file_unavailable",
        8: "file_refused",
    }
    assert wordpress.status()["documents"]["indexed"] == 1
    assert wordpress.status()["documents"]["pending"] == 1, "a server that is busy is asked again"


def long_pdf(pages):
    """Pages that share one text of 6,000 characters: quick to write, and seconds to read."""
    text = b"BT /F 9 Tf 12 TL 40 800 Td " + b"(We bake rye bread every day, and rolls. ) ' " * 150 + b"ET"
    font = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources " + font + b">>"
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        *[page] * pages,
    ]
    numbered = (b"%d 0 obj%sendobj\n" % (number, body) for number, body in enumerate(objects, 1))
    return b"%PDF-1.4\n" + b"".join(numbered) + b"trailer<</Root 1 0 R>>"


def test_a_file_that_takes_too_long_is_stopped(wordpress, server, push):
    small = FileReader(Limits(seconds=1), ["127.0.0.1"])
    heavy = long_pdf(450)
    push(1, "/heavy.pdf", heavy)
    push(2, "/rules.pdf", RULES)
    index(wordpress, small)
    small.close()
    assert problems(wordpress) == {1: "too_complex"}
    assert wordpress.status()["documents"]["indexed"] == 1


def test_files_are_looked_at_again_after_a_day_or_a_week(wordpress, database, server, files, push):
    push(1, "/rules.pdf", RULES)
    push(2, "/gone.pdf", 404)
    index(wordpress, files)
    with database.tenant(wordpress.site_id) as connection:
        queue.look_again(connection, wordpress.site_id)
    assert wordpress.status()["documents"]["pending"] == 0
    with database.tenant(wordpress.site_id) as connection:
        connection.execute(
            "UPDATE documents SET indexed_at = now() - interval '8 days', next_attempt_at = now() - interval '2 days'"
        )
        queue.look_again(connection, wordpress.site_id)
    server.files |= {"/rules.pdf": 404, "/gone.pdf": RULES}
    index(wordpress, files)
    assert problems(wordpress) == {1: "file_refused"}
    assert "ten to seven" in wordpress.ask("When are the quiet hours?")["answer"]
