"""A large site: candidates from its index and postings, the same passages as by reading every chunk."""

from __future__ import annotations

import psycopg
import pytest
from click.testing import CliRunner
from pgvector import HalfVector

from fakes.wordpress import EMBEDDER, SECRET
from rag_ask.cli.main import main
from rag_ask.indexing import postings
from rag_ask.messages import Filter
from rag_ask.retrieval import candidates, filters, search

SUBJECTS = ("bread", "tea", "cake", "cheese", "honey", "coffee", "butter", "apples")
QUESTION = "When is the cheese sold?"


@pytest.fixture
def shop(own_site, monkeypatch):
    """Forty posts, with limits that make so few of them a large site."""
    monkeypatch.setattr(postings, "LARGE_SITE", 20)
    monkeypatch.setattr(postings, "SEGMENT_CHUNKS", 16)
    monkeypatch.setattr(search, "POOL", 5)
    own_site.push(*(upsert(own_site, number) for number in range(1, 41)))
    own_site.index()
    return own_site


def upsert(site, number, version=1, **fields):
    subject = SUBJECTS[number % len(SUBJECTS)]
    groups = ["members"] if number % 5 == 0 else ["public"]
    # No two are as long, so that none score the same.
    html = f"<p>Our {subject} number {number} is sold on {subject} days{', or later' * number}.</p>"
    return site.upsert(number, version, html, **({"title": f"{subject} {number}", "groups": groups} | fields))


def write_postings(site):
    """As they are five minutes later, when no document may have been stored unseen."""
    assert postings.refresh(site.database, site.site_id)
    with site.database.system() as connection:
        connection.execute("UPDATE sites SET postings_at = now()")


def titles(site, question=QUESTION, token=None, **fields):
    response = site.post("/v1/search", {"question": question} | fields, token)
    assert response.status_code == 200, response.text
    return [(passage["title"], passage["score"]) for passage in response.json["passages"]]


@pytest.fixture
def found(monkeypatch):
    """What the look for candidates came to, search by search."""
    calls, find = [], candidates.find

    def noted(*arguments):
        calls.append(find(*arguments))
        return calls[-1]

    monkeypatch.setattr(candidates, "find", noted)
    return calls


@pytest.mark.parametrize("fields", [{}, {"filter": {"ids": list(range(1, 41, 2))}}])
@pytest.mark.parametrize("groups", [["public"], ["public", "members"]])
def test_candidates_bring_what_reading_every_chunk_brings(shop, found, fields, groups, monkeypatch):
    # The shop has no more chunks than are taken of a large site where little may be read.
    monkeypatch.setattr(candidates, "LOOSE", 1)
    token = shop.ask_token(groups)
    before = titles(shop, token=token, **fields)
    write_postings(shop)
    assert titles(shop, token=token, **fields) == before
    assert found[0] is not None


def test_what_was_stored_since_is_found(shop, found):
    write_postings(shop)
    shop.publish(99, 1, "<p>Gorgonzola is on the top shelf.</p>", title="Gorgonzola")
    shop.push(shop.upsert(3, 2, "<p>Marzipan is in the window.</p>", title="Marzipan"))
    shop.index()
    assert titles(shop, "Where is the gorgonzola?")[0][0] == "Gorgonzola"
    assert titles(shop, "Where is the marzipan?")[0][0] == "Marzipan"
    assert None not in found


def test_what_was_withdrawn_since_is_not_found(shop):
    write_postings(shop)
    best = titles(shop)[0][0]
    number = int(best.split()[1])
    shop.push({"op": "delete", "id": number, "version": 2})
    assert best not in dict(titles(shop))


def test_where_little_may_be_read_all_of_it_is_read(shop, found):
    write_postings(shop)
    assert {title for title, _ in titles(shop, filter={"ids": [3, 4]})} == {"cheese 3", "honey 4"}
    assert found == [None]


def test_postings_are_written_when_they_are_due(shop):
    write_postings(shop)
    assert not postings.refresh(shop.database, shop.site_id)
    shop.push(*(upsert(shop, number, 2, title="Changed") for number in range(1, 5)))
    shop.index()
    assert postings.refresh(shop.database, shop.site_id)


def test_postings_go_with_their_site(shop, monkeypatch):
    write_postings(shop)
    monkeypatch.setattr(postings, "LARGE_SITE", 1000)
    with shop.database.system() as connection:
        assert postings.sites_to_look_at(connection) == [shop.site_id]
    assert not postings.refresh(shop.database, shop.site_id)
    with shop.database.system() as connection:
        assert connection.execute("SELECT FROM postings").rowcount == 0
        assert postings.sites_to_look_at(connection) == []


def test_the_owner_makes_an_index_for_each_large_site(shop, own_settings, monkeypatch):
    monkeypatch.setattr("rag_ask.cli.terminal.LARGE_SITE", 20)
    environment = {"RAG_ASK_DATABASE_URL": own_settings.database_url, "RAG_ASK_SECRET": SECRET.decode()}

    def run():
        result = CliRunner().invoke(main, ["indexes"], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    assert f"for {shop.site_id}" in run()
    assert "current" in run()
    assert "chunks_near_" in plan(shop)
    monkeypatch.setattr("rag_ask.cli.terminal.LARGE_SITE", 1000)
    assert "dropped" in run()


def plan(site):
    """How the nearest chunks are found where nothing is cheaper than the index."""
    values = {
        "site_id": site.site_id,
        "embedder": EMBEDDER.name,
        "embedding": HalfVector([1.0] * EMBEDDER.dimensions),
        "groups": ["public"],
        "near": 5,
    }
    near = candidates.NEAR.format(dimensions=EMBEDDER.dimensions, readable=filters.readable(Filter()))
    with site.database.tenant(site.site_id) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        connection.execute("SET LOCAL enable_sort = off")
        rows = connection.execute(f"EXPLAIN {near}", values).fetchall()
    return "\n".join(row["QUERY PLAN"] for row in rows)


def test_the_planner_expects_all_documents_of_a_site(own_site, own_url):
    """Its guess decides on the index: for a few documents it would read all chunks instead."""
    readable = "site_id = 'site-7' AND incarnation = (SELECT incarnation FROM sites WHERE site_id = 'site-7')"
    with psycopg.connect(own_url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO sites (site_id, name, origins) "
            "SELECT 'site-' || n, '', '{https://shop.example}' FROM generate_series(1, 50) AS n"
        )
        owner.execute(
            "INSERT INTO documents (site_id, post_id, version, state, incarnation) "
            "SELECT site_id, n, 1, 'indexed', incarnation FROM sites, generate_series(1, 20) AS n"
        )
        owner.execute("ANALYZE documents")
        [(found,)] = owner.execute(f"EXPLAIN (FORMAT json) SELECT FROM documents WHERE {readable}").fetchall()
    assert found[0]["Plan"]["Plan Rows"] == pytest.approx(20, abs=5)
