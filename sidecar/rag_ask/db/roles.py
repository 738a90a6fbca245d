"""Roles: a transaction logs in as a role that owns nothing. One sees a single site, the other one every site.

Nobody changes roles by SQL, so there is nothing that RESET ROLE could return to.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection, OperationalError
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Composable, Identifier, Literal

from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

TENANT_PREFIX, SYSTEM_PREFIX = "rag_ask_tenant_", "rag_ask_system_"
CONNECT_TIMEOUT_S = 3


@dataclass(frozen=True)
class Login:
    """Who logs in. conninfo: for libpq, with the password."""

    role: str
    password: str
    conninfo: str


def tenant(settings: Settings) -> Login:
    """The role whose transactions see one site."""
    return _login(settings, settings.database_tenant_url, TENANT_PREFIX)


def system(settings: Settings) -> Login:
    """The role whose transactions see every site: keys, the queue."""
    return _login(settings, settings.database_system_url, SYSTEM_PREFIX)


def _login(settings: Settings, url: str, prefix: str) -> Login:
    if url:
        given = conninfo_to_dict(url)
        return Login(str(given["user"]), str(given.get("password", "")), url)
    # Roles belong to a whole server: the database's name keeps those of two installations apart.
    database = str(conninfo_to_dict(settings.database_url)["dbname"])
    role = prefix + database
    password = hmac.new(settings.secret, f"database-role:{role}".encode(), hashlib.sha256).hexdigest()
    return Login(role, password, make_conninfo(settings.database_url, user=role, password=password, dbname=database))


def make(owner: Connection[Any], login: Login) -> None:
    """Create the role, or set its password. Raises RagAskError when the owner may not and the role cannot log in."""
    is_there = owner.execute("SELECT FROM pg_roles WHERE rolname = %s", (login.role,)).rowcount
    statement = SQL("{} ROLE {} LOGIN{}").format(
        SQL("ALTER" if is_there else "CREATE"), Identifier(login.role), _password(owner, login)
    )
    try:
        owner.execute(statement)
    except InsufficientPrivilege as error:
        if reason := why_not(login.conninfo):
            raise RagAskError(
                "role_missing",
                500,
                f"{owner.info.user} may not make or change the role {login.role}, and it cannot log in ({reason}). "
                f"As a superuser: ALTER ROLE {owner.info.user} CREATEROLE. Or have two roles made, and name them in "
                "RAG_ASK_DATABASE_TENANT_URL and RAG_ASK_DATABASE_SYSTEM_URL.",
            ) from error


def _password(owner: Connection[Any], login: Login) -> Composable:
    """As a hash, so that it is in no log of statements. None where the role logs in by other means."""
    if not login.password:
        return SQL("")
    verifier = owner.pgconn.encrypt_password(login.password.encode(), login.role.encode())
    return SQL(" PASSWORD {}").format(Literal(verifier.decode()))


def why_not(conninfo: str) -> str:
    """Why nobody can log in like this; empty when somebody can."""
    try:
        psycopg.connect(conninfo, connect_timeout=CONNECT_TIMEOUT_S).close()
    except OperationalError as error:
        return " ".join(str(error).split())
    return ""


# Superusers are members of every role. Who may read the sites' keys sees every site.
POWERFUL = """
SELECT FROM pg_roles WHERE rolname = %(role)s AND (
  rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
  OR has_database_privilege(rolname, current_database(), 'CREATE, TEMPORARY')
  OR has_schema_privilege(rolname, 'public', 'CREATE')
  OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND pg_has_role(pg_roles.oid, relowner, 'MEMBER'))
  OR (%(is_tenant)s AND has_any_column_privilege(rolname, 'site_keys', 'SELECT'))
)
"""


def problem(connection: Connection[Any], role: str, *, is_tenant: bool) -> str:
    """What is wrong with what the role may do, with the remedy; empty when it may do what it needs alone."""
    if not connection.execute(POWERFUL, {"role": role, "is_tenant": is_tenant}).rowcount:
        return ""
    return (
        f"The database role {role} may do more than its transactions need. It must be no superuser, own nothing, have "
        "none of BYPASSRLS, CREATEROLE, CREATEDB, REPLICATION, and be a member of no other role. Run: rag-ask migrate. "
        "As the owner of the database, if that is another role: REVOKE CREATE, TEMPORARY ON DATABASE ... FROM PUBLIC."
    )
