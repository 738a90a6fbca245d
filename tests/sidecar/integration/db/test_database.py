"""The pools: whose connection it is, and what is prepared on it."""

import psycopg
from sidecar_processes import until

from rag_ask.db import api_keys, sites
from rag_ask.db.database import Database


def test_a_connection_that_the_server_ended_meets_nobody(own_settings):
    database = Database(own_settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()
    with database.tenant("site") as connection:
        ended = connection.info.backend_pid
    with psycopg.connect(own_settings.database_url, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s)", (ended,))
        until(lambda: not owner.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (ended,)).rowcount)
    with database.tenant("site") as connection:
        assert connection.info.backend_pid != ended
    database.close()


def test_only_what_asks_for_it_is_prepared_and_planned_once(own_settings):
    database = Database(own_settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()

    def prepared(connection):
        connection.execute("SELECT %s::int AS once", (1,), prepare=True)
        for number in range(10):
            connection.execute("SELECT %s::int AS often", (number,))
        statements = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
        mode = connection.execute("SHOW plan_cache_mode").fetchone()
        return [row["statement"] for row in statements], mode["plan_cache_mode"]

    assert database.read("site", prepared) == (["SELECT $1::int AS once"], "force_generic_plan")
    with database.tenant("site") as connection:
        assert prepared(connection)[1] == "auto"
    database.close()


def test_a_prepared_statement_is_bounded_as_a_transaction_is(own_settings):
    database = Database(own_settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()
    bounds = "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock"
    assert database.system_at_once(bounds, {}) == [{"statement": "30s", "lock": "10s"}]
    database.close()


def test_who_asks_is_read_on_once_a_table_got_another_column(own_site, own_settings, own_url):
    database = Database(own_settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()
    with database.system() as connection:
        key = api_keys.add(connection, own_site.site_id, "test", ["ask"], None)

    def read():
        return sites.site_of_key(database, own_site.kid).site_id, api_keys.verified(database, key)["site_id"]

    assert read() == (own_site.site_id, own_site.site_id)
    with psycopg.connect(own_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE sites ADD COLUMN more text; ALTER TABLE api_keys ADD COLUMN more text")
    assert read() == (own_site.site_id, own_site.site_id)
    database.close()
