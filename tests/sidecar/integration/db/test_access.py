"""Owners: superusers or not, with and without the right to make roles; upgrades, and backups that miss no row."""

import subprocess
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest

from fakes.wordpress import SECRET
from rag_ask.cli.check import problems
from rag_ask.db import access, migrate, roles, sites
from rag_ask.db.database import Database
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

TENANT, SYSTEM = roles.TENANT_PREFIX, roles.SYSTEM_PREFIX


class Cluster:
    """Databases of owners that are no superusers."""

    def __init__(self, url):
        self.url = url

    def execute(self, statement, url=None):
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            return connection.execute(statement)

    def named(self, user, database):
        return f"postgresql://{user}@/{database}?{urlsplit(self.url).query}"

    def new(self, powers):
        """The settings of a new database and of its owner."""
        name = f"own_{uuid.uuid4().hex[:12]}"
        self.execute(f"CREATE ROLE {name} LOGIN {powers}")
        self.execute(f"CREATE DATABASE {name} OWNER {name}")
        self.execute("CREATE EXTENSION vector", self.named("postgres", name))
        return Settings(self.named(name, name), SECRET, embedder="local-en")


@pytest.fixture
def cluster(database_url):
    return Cluster(database_url)


@pytest.fixture
def managed(cluster):
    """A database as managed Postgres gives it: its owner may make roles, and is no superuser."""
    return cluster.new("CREATEROLE")


def opened(settings):
    database = Database(settings, tenant_size=1, system_size=1, statement_timeout_s=30)
    database.open()
    return database


def add_two_sites(settings):
    database = opened(settings)
    with database.system() as connection:
        for site_id in ("bakery", "bank"):
            sites.add(connection, site_id, "", f"https://{site_id}.example")
    database.close()


def seen_by_tenant(settings, site_id):
    database = opened(settings)
    with database.tenant(site_id) as connection:
        found = [row["site_id"] for row in connection.execute("SELECT site_id FROM sites").fetchall()]
    database.close()
    return found


def test_an_owner_who_makes_roles_is_enough(managed):
    assert "0070-roles" in migrate.migrate(managed)
    assert migrate.migrate(managed) == []
    assert problems(managed) == []
    add_two_sites(managed)
    assert seen_by_tenant(managed, "bakery") == ["bakery"]


def test_row_level_security_binds_an_owner_who_is_no_superuser(managed):
    migrate.migrate(managed)
    add_two_sites(managed)
    with psycopg.connect(managed.database_url) as owner:
        assert owner.execute("SELECT * FROM sites").fetchall() == []


def test_migrations_of_such_an_owner_see_every_site(managed):
    migrate.migrate(managed)
    add_two_sites(managed)
    with psycopg.connect(managed.database_url, autocommit=True) as owner:
        access.release(owner)
        assert owner.execute("UPDATE sites SET name = 'seen'").rowcount == 2
        assert seen_by_tenant(managed, "bakery") == ["bakery"]
    migrate.migrate(managed)
    with psycopg.connect(managed.database_url) as owner:
        assert owner.execute("SELECT * FROM sites").fetchall() == []


def test_an_owner_who_makes_no_roles_is_told_what_to_do(cluster):
    settings = cluster.new("NOCREATEROLE")
    with pytest.raises(RagAskError, match="CREATEROLE") as error:
        migrate.migrate(settings)
    assert error.value.code == "role_missing"
    assert "RAG_ASK_DATABASE_TENANT_URL" in error.value.message


def test_roles_that_were_made_beforehand_are_used(cluster):
    made = cluster.new("NOCREATEROLE")
    name = urlsplit(made.database_url).path[1:]
    users = {"tenant": f"{name}_one", "system": f"{name}_all"}
    for user in users.values():
        cluster.execute(f"CREATE ROLE {user} LOGIN")
    urls = {f"database_{kind}_url": cluster.named(user, name) for kind, user in users.items()}
    settings = Settings(made.database_url, SECRET, embedder="local-en", **urls)
    migrate.migrate(settings)
    assert problems(settings) == []
    add_two_sites(settings)
    assert seen_by_tenant(settings, "bank") == ["bank"]


def test_two_installations_on_one_server_are_apart(cluster, managed):
    other = cluster.new("CREATEROLE")
    for settings in (managed, other):
        migrate.migrate(settings)
    add_two_sites(managed)
    database = urlsplit(managed.database_url).path[1:]
    for login in (roles.tenant(other), roles.system(other)):
        with (
            psycopg.connect(cluster.named(login.role, database)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT set_config('rag_ask.site_id', 'bakery', false)")
            connection.execute("SELECT * FROM sites")


def test_a_new_secret_makes_new_passwords(managed):
    migrate.migrate(managed)
    changed = Settings(managed.database_url, b"another secret, which is long enough too")
    assert roles.tenant(changed).role == roles.tenant(managed).role
    assert roles.tenant(changed).password != roles.tenant(managed).password
    before = hashed(managed)
    migrate.migrate(changed)
    assert hashed(managed) != before


def hashed(settings):
    superuser = settings.database_url.replace(urlsplit(settings.database_url).username, "postgres", 1)
    with psycopg.connect(superuser) as connection:
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        return connection.execute(query, (roles.tenant(settings).role,)).fetchone()


# What the migrations before 0070 left behind: one role for all databases of the server, and no FORCE.
BEFORE = """
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
DROP POLICY one_site ON {table};
DROP POLICY every_site ON {table};
"""
BEFORE_TENANT = """
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO rag_ask_tenant;
CREATE POLICY tenant ON {table} TO rag_ask_tenant USING (site_id = current_setting('rag_ask.site_id'));
"""


def test_a_database_of_the_shared_role_gets_roles_of_its_own(cluster, managed):
    migrate.migrate(managed)
    add_two_sites(managed)
    with psycopg.connect(managed.database_url, autocommit=True) as owner:
        tables = [name for name, _, _ in owner.execute(access.TABLES).fetchall()]
        owner.execute("CREATE ROLE rag_ask_tenant NOLOGIN; GRANT rag_ask_tenant TO CURRENT_USER")
        for table in tables:
            owner.execute(BEFORE.format(table=table))
        for table in ("sites", "documents", "chunks"):
            owner.execute(BEFORE_TENANT.format(table=table))
        owner.execute("DELETE FROM _yoyo_migration WHERE migration_id IN ('0070-roles', '0071-site-lock')")
        owner.execute("DROP TABLE site_lock; DROP FUNCTION proven_site")
    superuser = cluster.named("postgres", urlsplit(managed.database_url).path[1:])
    for login in (roles.tenant(managed), roles.system(managed)):
        cluster.execute(f"DROP OWNED BY {login.role}; DROP ROLE {login.role}", superuser)
    assert migrate.migrate(managed) == ["0070-roles", "0071-site-lock"]
    assert problems(managed) == []
    assert seen_by_tenant(managed, "bakery") == ["bakery"]
    with psycopg.connect(managed.database_url) as owner:
        assert not owner.execute("SELECT FROM pg_roles WHERE rolname = 'rag_ask_tenant'").rowcount
        assert all(is_forced for _, is_forced, _ in owner.execute(access.TABLES).fetchall())
        assert {row[0] for row in owner.execute("SELECT DISTINCT roles::text FROM pg_policies").fetchall()} == {
            f"{{{roles.tenant(managed).role}}}",
            f"{{{roles.system(managed).role}}}",
        }


@pytest.fixture
def run_pg(cluster):
    """Runs a program of the Postgres that runs."""
    with psycopg.connect(cluster.url) as connection:
        [folder] = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()
    return lambda name, *arguments: subprocess.run(
        [f"{folder}/{name}", *arguments], capture_output=True, text=True, timeout=60
    )


def test_a_backup_has_every_row_or_fails(cluster, managed, run_pg, tmp_path):
    """As docs/operators/backup.md says: by the role of every site, and back into a migrated database."""
    migrate.migrate(managed)
    add_two_sites(managed)
    by_owner = run_pg("pg_dump", managed.database_url)
    assert by_owner.returncode != 0
    assert "row-level security" in by_owner.stderr
    file = str(tmp_path / "dump")
    login = roles.system(managed)
    dumped = run_pg("pg_dump", "--format=custom", "--enable-row-security", f"--file={file}", login.conninfo)
    assert dumped.returncode == 0, dumped.stderr
    name = urlsplit(managed.database_url).path[1:]
    cluster.execute(f"DROP DATABASE {name}")
    cluster.execute(f"CREATE DATABASE {name} OWNER {name}")
    cluster.execute("CREATE EXTENSION vector", cluster.named("postgres", name))
    for lost in (roles.tenant(managed), login):
        cluster.execute(f"DROP ROLE {lost.role}")
    restored = run_pg("pg_restore", "--no-owner", "--no-comments", f"--dbname={managed.database_url}", file)
    errors = [line for line in restored.stderr.splitlines() if "ERROR" in line]
    assert [line for line in errors if f'role "{TENANT}' not in line and f'role "{SYSTEM}' not in line] == []
    assert migrate.migrate(managed) == []
    assert problems(managed) == []
    assert seen_by_tenant(managed, "bakery") == ["bakery"]
    assert seen_by_tenant(managed, "bank") == ["bank"]
