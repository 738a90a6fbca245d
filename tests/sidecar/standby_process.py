"""A primary and a hot standby of it, each a real Postgres."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from fakes.wordpress import SECRET
from rag_ask.db import embedded_postgres, migrate
from rag_ask.settings import Settings


class Pair:
    """url: names both. standby_url: names the standby alone."""

    def __init__(self, folder: Path) -> None:
        self._primary, self._standby, sockets = folder / "primary", folder / "standby", folder / "s"
        first = embedded_postgres.start(self._primary)
        host = str(conninfo_to_dict(first)["host"])
        # Postgres runs as a user of its own where the tests run as root.
        self._user = self._primary.stat().st_uid if os.geteuid() == 0 else None
        self.url = f"postgresql://postgres@/postgres?host={host},{sockets}&target_session_attrs=read-write"
        self.primary_url = f"postgresql://postgres@/postgres?host={host}"
        self.standby_url = f"postgresql://postgres@/postgres?host={sockets}"
        with psycopg.connect(first) as owner:
            row = owner.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()
            assert row
            self._programs = Path(row[0])
        for made in (self._standby, sockets):
            made.mkdir()
            made.chmod(0o700)
            if self._user is not None:
                os.chown(made, self._user, -1)
        migrate.migrate(Settings(self.primary_url, SECRET))
        self._run("pg_basebackup", "-R", "-N", "-c", "fast", "-h", host, "-U", "postgres", "-D", str(self._standby))
        log = str(self._standby / "log")
        self._run("pg_ctl", "-w", "-D", str(self._standby), "-l", log, "-o", f"-h '' -k {sockets}", "start")

    def wait_for_the_standby(self) -> None:
        """From now on a transaction is acknowledged when the standby has it too."""
        with psycopg.connect(self.primary_url, autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            owner.execute("SELECT pg_reload_conf()")

    def kill_primary(self) -> None:
        self._run("pg_ctl", "-D", str(self._primary), "-m", "immediate", "stop")

    def kill_standby(self) -> None:
        self._run("pg_ctl", "-D", str(self._standby), "-m", "immediate", "stop")

    def promote(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self._standby), "promote")

    def stop(self) -> None:
        for kill in (self.kill_primary, self.kill_standby):
            with suppress(subprocess.CalledProcessError):
                kill()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


@contextmanager
def running_pair(folder: Path) -> Iterator[Pair]:
    pair = Pair(folder)
    try:
        yield pair
    finally:
        pair.stop()
