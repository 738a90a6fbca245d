"""The pools: a connection that the server ended is replaced before anybody uses it."""

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
