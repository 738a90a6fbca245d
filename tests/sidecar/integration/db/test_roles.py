"""The roles of transactions: bound by row-level security, owners of nothing, with no way back to the owner."""

import psycopg
import pytest
from psycopg.rows import dict_row

from rag_ask.db import migrate, roles
from rag_ask.errors import RagAskError

TABLES = """
SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attname = 'site_id' AND relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def sites(new_site):
    """Two sites with a document each, the first of which a query speaks for."""
    made = [new_site(), new_site()]
    for site in made:
        site.publish(1, 1, "<p>We open at seven.</p>")
    return made


@pytest.fixture
def owner(settings):
    with psycopg.connect(settings.database_url, autocommit=True, row_factory=dict_row) as connection:
        yield connection


WAYS_OUT = (
    "RESET ROLE",
    "SET ROLE NONE",
    "SET ROLE postgres",
    "SET LOCAL ROLE rag_ask_system_postgres",
    "RESET SESSION AUTHORIZATION",
    "SET SESSION AUTHORIZATION postgres",
    "SET SESSION AUTHORIZATION DEFAULT",
    "SET LOCAL row_security = off",
)


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_tenant_has_no_way_out(database, sites, way):
    with database.tenant(sites[0].site_id) as connection:
        try:
            with connection.transaction():
                connection.execute(way)
        except psycopg.errors.InsufficientPrivilege:
            pass
        try:
            with connection.transaction():
                found = connection.execute("SELECT DISTINCT site_id FROM documents").fetchall()
        except psycopg.errors.InsufficientPrivilege:
            assert way == "SET LOCAL row_security = off"
        else:
            assert found == [{"site_id": sites[0].site_id}]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_the_role_of_every_site_does_not_become_the_owner(database, way):
    with database.system() as connection:
        try:
            with connection.transaction():
                connection.execute(way)
        except psycopg.errors.InsufficientPrivilege:
            pass
        assert connection.execute("SELECT current_user, session_user").fetchone() == {
            "current_user": "rag_ask_system_postgres",
            "session_user": "rag_ask_system_postgres",
        }


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (x int)",
        "CREATE TEMPORARY TABLE documents (x int)",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE documents",
        "ALTER TABLE documents NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY one_site ON documents",
        "GRANT postgres TO CURRENT_USER",
        "ALTER ROLE postgres PASSWORD 'x'",
        "UPDATE _yoyo_migration SET migration_id = ''",
        "COPY documents TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
@pytest.mark.parametrize("kind", ["tenant", "system"])
def test_neither_role_does_what_the_owner_does(database, sites, kind, statement):
    transaction = database.system() if kind == "system" else database.tenant(sites[0].site_id)
    with transaction as connection, pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sites SET origins = '{https://evil.example}'",
        "UPDATE sites SET daily_budget_usd = 'Infinity'",
        "DELETE FROM sites",
        "INSERT INTO thresholds VALUES ('local', 0, 1, 1)",
        "SELECT * FROM _yoyo_migration",
    ],
)
def test_a_tenant_changes_nothing_that_is_the_operators(database, sites, change):
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.tenant(sites[0].site_id) as connection:
        connection.execute(change)


@pytest.mark.parametrize("table", ["sites", "documents", "chunks", "term_counts"])
def test_a_statement_cannot_name_another_site(database, sites, table):
    mine, other = (site.site_id for site in sites)
    with database.tenant(mine) as connection:
        connection.execute("SELECT set_config('rag_ask.site_id', %s, true)", (other,))
        assert connection.execute(f"SELECT site_id FROM {table}").fetchall() == []
        connection.execute("SELECT set_config('rag_ask.proof', '', true)")
        assert connection.execute(f"SELECT site_id FROM {table}").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT key FROM site_lock")


def test_without_a_site_nothing_is_seen(database, sites):
    with database.tenant("") as connection:
        assert connection.execute("SELECT site_id FROM documents").fetchall() == []


def test_the_roles_own_nothing_and_have_no_powers(owner, settings):
    for login in (roles.tenant(settings), roles.system(settings)):
        role = owner.execute("SELECT * FROM pg_roles WHERE rolname = %s", (login.role,)).fetchone()
        powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
        assert [power for power in powers if role[power]] == []
        assert owner.execute("SELECT FROM pg_auth_members WHERE member = %s", (role["oid"],)).fetchall() == []
        owned = owner.execute("SELECT FROM pg_shdepend WHERE refobjid = %s AND deptype = 'o'", (role["oid"],))
        assert owned.fetchall() == []


def test_every_table_of_the_sites_binds_its_owner_too(owner):
    found = owner.execute(TABLES).fetchall()
    assert {"sites", "documents", "chunks", "chunks_00", "api_keys"} <= {table["relname"] for table in found}
    assert [table for table in found if not table["relrowsecurity"] or not table["relforcerowsecurity"]] == []


def test_no_password_is_kept_in_clear(owner, settings):
    for login in (roles.tenant(settings), roles.system(settings)):
        kept = owner.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (login.role,)).fetchone()
        assert kept["rolpassword"].startswith("SCRAM-SHA-256$")


@pytest.mark.parametrize(
    ("power", "back"),
    [
        ("ALTER ROLE {} SUPERUSER", "ALTER ROLE {} NOSUPERUSER"),
        ("ALTER ROLE {} BYPASSRLS", "ALTER ROLE {} NOBYPASSRLS"),
        ("ALTER ROLE {} CREATEROLE", "ALTER ROLE {} NOCREATEROLE"),
        ("GRANT postgres TO {}", "REVOKE postgres FROM {}"),
        ("GRANT TEMPORARY ON DATABASE postgres TO {}", "REVOKE TEMPORARY ON DATABASE postgres FROM {}"),
        ("CREATE TABLE its AS SELECT 1; ALTER TABLE its OWNER TO {}", "DROP TABLE its"),
    ],
)
def test_a_role_with_powers_is_not_ready(app, owner, settings, power, back):
    role = roles.tenant(settings).role
    assert app.test_client().get("/readyz").json["problems"] == []
    owner.execute(power.format(role))
    try:
        ready = app.test_client().get("/readyz")
        with pytest.raises(RagAskError, match=role):
            migrate.migrate(settings)
    finally:
        owner.execute(back.format(role))
    assert (ready.status_code, role in ready.json["problems"][0]) == (503, True)
    assert migrate.migrate(settings) == []


def test_a_tenant_that_reads_keys_is_not_ready(app, owner, settings):
    owner.execute(f"GRANT SELECT ON site_keys TO {roles.tenant(settings).role}")
    assert app.test_client().get("/readyz").status_code == 503
    migrate.migrate(settings)
    assert app.test_client().get("/readyz").status_code == 200
