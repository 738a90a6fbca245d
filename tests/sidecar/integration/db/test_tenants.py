"""The site is the tenant: in the queries, and in the database itself."""

import json

import psycopg
import pytest


def test_one_site_never_answers_from_another(new_site):
    bakery, bank = new_site(), new_site()
    bakery.publish(1, 1, "<p>The secret ingredient of our scones is cardamom.</p>")
    bank.publish(1, 1, "<p>The vault opens at nine.</p>")
    question = "What is the secret ingredient of the scones?"
    assert "cardamom" in bakery.ask(question)["answer"]
    assert "cardamom" not in json.dumps(bank.ask(question))


@pytest.mark.parametrize("table", ["documents", "chunks", "term_counts", "sites", "answers", "questions"])
def test_a_forgotten_where_leaks_nothing(new_site, database, table):
    bakery, bank = new_site(), new_site()
    for site in (bakery, bank):
        site.publish(1, 1, "<p>We open at seven.</p>")
        site.ask("When do you open?")
    with database.tenant(bakery.site_id) as connection:
        rows = connection.execute(f"SELECT DISTINCT site_id FROM {table}").fetchall()
    assert [row["site_id"] for row in rows] == [bakery.site_id]


def test_a_tenant_cannot_write_for_another(new_site, database):
    bakery, bank = new_site(), new_site()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.tenant(bakery.site_id) as connection:
        connection.execute(
            "INSERT INTO documents (site_id, post_id, version, state) VALUES (%s, 1, 1, 'pending')", (bank.site_id,)
        )


@pytest.mark.parametrize("table", ["site_keys", "api_keys", "chunks_00"])
def test_a_tenant_reaches_neither_keys_nor_partitions(new_site, database, table):
    site = new_site()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.tenant(site.site_id) as connection:
        connection.execute(f"SELECT * FROM {table}")


def test_removed_site_leaves_nothing(wordpress, database):
    from rag_ask.db import sites

    wordpress.publish(1, 1, "<p>We open at seven.</p>")
    wordpress.ask("When do you open?")
    with database.system() as connection:
        assert sites.remove(connection, wordpress.site_id)
        for table in ("documents", "chunks", "term_counts", "answers", "questions", "site_keys", "sites"):
            count = connection.execute(f"SELECT count(*) FROM {table} WHERE site_id = %s", (wordpress.site_id,))
            assert count.fetchone() == {"count": 0}
    assert wordpress.post("/v1/ask", {"question": "When?"}).status_code == 401
