"""Debian's PgBouncer with the sample of docs/operators/postgres, on a loopback port of its own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from free_port import free_port
from psycopg.conninfo import conninfo_to_dict
from sidecar_processes import until

SAMPLES = Path(__file__).parents[2] / "docs" / "operators" / "postgres"
PASSWORD = "password"
# One connection of each role, so that transactions of all clients share it.
POOL_SIZE = 1


@contextmanager
def running_pgbouncer(folder: Path, database_url: str) -> Iterator[str]:
    """The URL of the database through it, without a user. PgBouncer is installed where it is missing."""
    pgbouncer = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    if not pgbouncer:
        subprocess.run(["scripts/install-debian", "pgbouncer"], check=True, timeout=300)
        pgbouncer = "/usr/sbin/pgbouncer"
    postgres = conninfo_to_dict(database_url)
    port = free_port()
    sample = (SAMPLES / "pgbouncer.ini").read_text(encoding="utf-8")
    for old, new in (
        (r"host=127\.0\.0\.1 port=5432", f"host={postgres['host']}"),
        (r"listen_port = 6432", f"listen_port = {port}"),
        (r"default_pool_size = 20", f"default_pool_size = {POOL_SIZE}"),
        (r"/etc/pgbouncer", str(folder)),
    ):
        sample, count = re.subn(old, new, sample)
        assert count, f"the sample has no {old}"
    (folder / "pgbouncer.ini").write_text(sample, encoding="utf-8")
    (folder / "userlist.txt").write_text(f'"pgbouncer" "{PASSWORD}"\n', encoding="utf-8")
    # It refuses to run as root; the user of Postgres reaches its socket.
    as_user = ["-u", Path(str(postgres["host"]), ".s.PGSQL.5432").owner()] if os.geteuid() == 0 else []
    with psycopg.connect(database_url, autocommit=True) as owner:
        lookup = (SAMPLES / "pgbouncer.sql").read_text(encoding="utf-8").replace(":'password'", f"'{PASSWORD}'")
        owner.execute(lookup.encode())
    server = subprocess.Popen(
        [pgbouncer, "-q", *as_user, str(folder / "pgbouncer.ini")],
        stderr=subprocess.DEVNULL,
    )
    url = f"postgresql://127.0.0.1:{port}/{postgres['dbname']}"
    try:
        until(lambda: _answers(url))
        yield url
    finally:
        server.terminate()
        server.wait(10)
        with psycopg.connect(database_url, autocommit=True) as owner:
            owner.execute("DROP OWNED BY pgbouncer")
            owner.execute("DROP ROLE pgbouncer")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, user="nobody", password="none", connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return "refused" not in str(error)
    return True
