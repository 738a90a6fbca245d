"""Access: row-level security on every table of the sites, and the grants of access.sql."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from rag_ask.db import roles, site_lock
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

GRANTS = Path(__file__).with_suffix(".sql")

# With the policies that a table has: name -> roles.
TABLES = """
SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS is_forced, (
    SELECT coalesce(jsonb_object_agg(policyname, roles), '{}') FROM pg_policies
    WHERE schemaname = 'public' AND tablename = relname
  ) AS policies
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attname = 'site_id' AND NOT attisdropped
ORDER BY relname
"""

PROTECT = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY one_site ON {table} TO {tenant} USING (site_id = (SELECT proven_site()));
CREATE POLICY every_site ON {table} TO {system} USING (true);
"""

KEY = "INSERT INTO site_lock (key) VALUES (%s) ON CONFLICT (is_only) DO UPDATE SET key = excluded.key"


def release(owner: Connection[Any]) -> None:
    """Let migrations see the rows of every site: FORCE binds an owner who is no superuser. The roles stay bound."""
    for name, is_forced, _ in owner.execute(TABLES).fetchall():
        if is_forced:
            owner.execute(SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(Identifier(name)))


def grant(owner: Connection[Any], settings: Settings) -> None:
    """Make the roles, bind them and the owner to row-level security, and grant what access.sql names.

    owner: in autocommit mode, so that no two tables are locked at a time. Raises RagAskError.
    """
    logins = {"tenant": roles.tenant(settings), "system": roles.system(settings)}
    for login in logins.values():
        roles.make(owner, login)
    names = {kind: Identifier(login.role) for kind, login in logins.items()}
    wanted = {"one_site": [logins["tenant"].role], "every_site": [logins["system"].role]}
    for name, is_forced, policies in owner.execute(TABLES).fetchall():
        if is_forced and policies == wanted:
            continue
        table = Identifier(name)
        with owner.transaction():
            for policy in policies:
                owner.execute(SQL("DROP POLICY {} ON {}").format(Identifier(policy), table))
            owner.execute(SQL(PROTECT).format(table=table, **names))
    grants = SQL(GRANTS.read_text(encoding="utf-8"))
    with owner.transaction():
        owner.execute(KEY, (site_lock.key(settings.secret),))
        owner.execute(grants.format(database=Identifier(owner.info.dbname), **names))
    for kind, login in logins.items():
        if problem := roles.problem(owner, login.role, is_tenant=kind == "tenant"):
            raise RagAskError("role_too_powerful", 500, problem)
