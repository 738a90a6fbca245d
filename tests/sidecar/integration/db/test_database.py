"""The pools: whose connection it is, and what is prepared on it."""

import psycopg
from sidecar_processes import until

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
