"""One installation that a fault test breaks: a WordPress, the sidecar and its worker, all in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt
from free_port import free_port
from processes import RAG_ASK, Processes, answers, until

from rag_ask.api.auth import ASK, WRITE, body_hash
from rag_ask.db.database import Database
from rag_ask.settings import Settings

ROOT = Path(__file__).parents[2]
CORE = ROOT / ".state" / "wordpress"
SITE_SCRIPT = Path(__file__).with_name("site.php")
SECRET = "a secret of the fault tests, longer than needed"
NO_LIMIT = "1000000 per minute"
SHOP = "http://shop.test"


@dataclass(frozen=True)
class Truth:
    """What the site shows, and what it showed once and shows no more."""

    public: dict[int, str]
    gone: frozenset[str]


class World:
    """Everything of one test. `folder` holds the WordPress site; `installed` is one to copy; `more`: settings."""

    def __init__(
        self, folder: Path, installed: Path, database_url: str, provider_url: str, home: str = SHOP, **more: str
    ) -> None:
        self.folder = folder
        self.wordpress = folder / "wordpress"
        shutil.copytree(installed, self.wordpress, symlinks=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        self.home = home
        self.site_id = f"faults-{uuid.uuid4().hex[:8]}"
        environment = {
            "RAG_ASK_DATABASE_URL": database_url,
            "RAG_ASK_SECRET": SECRET,
            "RAG_ASK_PORT": str(urlsplit(self.url).port),
            "RAG_ASK_EMBEDDER": "openai",
            "RAG_ASK_EMBEDDING_DIMENSIONS": "256",
            "RAG_ASK_VISITOR_LIMITS": NO_LIMIT,
            "RAG_ASK_SITE_LIMITS": NO_LIMIT,
            "OPENAI_BASE_URL": provider_url,
            "OPENAI_API_KEY": "played",
            **more,
        }
        self.processes = Processes(environment, folder)
        settings = Settings(database_url, SECRET.encode())
        self.database = Database(settings, tenant_size=2, system_size=2, statement_timeout_s=30)
        self.database.open()
        self.written: set[str] = set()
        connection_string = self._rag_ask("sites", "add", self.site_id, "--url", self.home).splitlines()[-1]
        self.secret = urlsplit(connection_string).password or ""
        self.connect(connection_string)

    def connect(self, connection_string: str) -> None:
        """Tell WordPress where the sidecar is."""
        self.site("connect", connection_string)

    def connection_string(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.scheme}://{self.site_id}:{self.secret}@{parts.netloc}"

    def start(self, *names: str) -> None:
        """Start `serve` or `worker`."""
        for name in names:
            self.processes.start(name)
        if "serve" in names:
            until(lambda: answers(self.url + "/readyz"), what="serve is ready")

    def close(self) -> None:
        self.processes.kill_all()
        # Nothing of this site may wait in the queue when the next test starts its worker.
        with self.database.system() as connection:
            connection.execute("DELETE FROM sites WHERE site_id = %s", (self.site_id,))
        self.database.close()

    # WordPress

    def site_process(self, *arguments: object) -> subprocess.Popen[str]:
        """Start one PHP process of the WordPress."""
        command = ["php", "-d", "display_errors=stderr", SITE_SCRIPT, *map(str, arguments)]
        return subprocess.Popen(command, env=self.site_environment(), stdout=subprocess.PIPE, text=True)

    def site_environment(self) -> dict[str, str]:
        """What each PHP process of the WordPress has to know."""
        own = {"RAG_ASK_TEST_SITE": str(self.wordpress), "RAG_ASK_TEST_HOME": self.home}
        return os.environ | own | {"RAG_ASK_TEST_CORE": str(CORE)}

    def site(self, *arguments: object, dies: bool = False) -> str:
        """Run one PHP process of the WordPress and return what it printed."""
        with self.site_process(*arguments) as process:
            printed, _ = process.communicate(timeout=300)
        assert process.returncode == (-signal.SIGKILL if dies else 0), printed
        return printed

    def edit(self, count: int, seed: int) -> None:
        """Let authors work: publish, change, trash, delete, hide `count` times at random."""
        self.written.update(self.site("edit", count, seed).splitlines())

    def push(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.site("push"))
        return report

    def reconcile(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.site("reconcile").splitlines()[-1])
        return found

    def truth(self) -> Truth:
        public = {int(post_id): text for post_id, text in (json.loads(self.site("public-posts")) or {}).items()}
        return Truth(public, frozenset(self.written - set(public.values())))

    # The sidecar

    def time_passes(self) -> None:
        """End every wait on both sides, as hours would: backoff and the leases of the dead."""
        self.site("time-passes")
        with self.database.system() as connection:
            connection.execute(
                "UPDATE documents SET next_attempt_at = now(), leased_until = least(leased_until, now()) "
                "WHERE site_id = %s AND state = 'pending'",
                (self.site_id,),
            )

    def settle(self) -> None:
        """Things run again: push and index until nothing waits."""
        self.push_all()
        until(lambda: self.status()["documents"]["pending"] == 0, 120, "everything is indexed")
        assert self.status()["documents"]["failed"] == 0, self.status()["problems"]

    def push_all(self) -> None:
        """Push until nothing waits."""
        for _ in range(20):
            self.time_passes()
            self.push()
            counts = json.loads(self.site("outbox"))
            if not counts["waiting"]:
                break
        assert counts["waiting"] == counts["dead"] == 0, counts

    def status(self) -> dict[str, Any]:
        return self._fetch("GET", "/v1/status", WRITE, b"")

    def has_leases(self) -> bool:
        """Whether a worker was stopped in the middle of its work."""
        with self.database.tenant(self.site_id) as connection:
            return bool(connection.execute("SELECT FROM documents WHERE lease IS NOT NULL LIMIT 1").fetchall())

    def search(self, question: str) -> list[str]:
        """The texts of the passages that a visitor's question finds."""
        body = json.dumps({"question": question, "limit": 3}).encode()
        return [passage["text"] for passage in self._fetch("POST", "/v1/search", ASK, body)["passages"]]

    def ask(self, question: str) -> dict[str, Any]:
        """The message with which a visitor's question is answered."""
        return self._fetch("POST", "/v1/ask", ASK, json.dumps({"question": question}).encode())

    def indexed_text(self) -> str:
        """All that any question could find."""
        with self.database.tenant(self.site_id) as connection:
            return "\n".join(row["text"] for row in connection.execute("SELECT text FROM chunks").fetchall())

    def _fetch(self, method: str, path: str, audience: str, body: bytes) -> dict[str, Any]:
        now = int(time.time())
        kid, key = self.secret.split(".", 1)
        claims: dict[str, Any] = {"iss": self.site_id, "aud": audience, "iat": now, "exp": now + 60}
        own = {"bh": body_hash(body), "urls": [self.home]}
        claims |= own if audience == WRITE else {"sub": "v", "groups": ["public"], "lang": "en"}
        request = urllib.request.Request(
            self.url + path,
            body or None,
            {
                "Authorization": f"Bearer {jwt.encode(claims, key, 'HS256', headers={'kid': kid})}",
                "Content-Type": "application/json",
            },
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            answer: dict[str, Any] = json.load(reply)
        return answer

    def _rag_ask(self, *arguments: str) -> str:
        environment = os.environ | self.processes.environment
        return subprocess.run([RAG_ASK, *arguments], env=environment, check=True, capture_output=True, text=True).stdout


def check(world: World) -> str:
    """The promise, after a fault: nothing to repair, everything public found, nothing else. Returns it in words."""
    world.settle()
    truth = world.truth()
    assert truth.public, "the test wrote nothing"
    compared = world.reconcile()
    assert (compared["checked"], compared["drift"]) == (len(truth.public), 0), compared
    # Of imported posts, the sentence that the tests wrote is none: `test_export_imported` looks at their words.
    sentences = [text for text in truth.public.values() if text in world.written]
    text = world.indexed_text()
    assert not [sentence for sentence in truth.gone if sentence in text]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda sentence: any(sentence in t for t in world.search(sentence)), sentences))
    assert all(found), f"{found.count(False)} of {len(found)} public posts were not found"
    posts = f"{len(found)} public posts found, {len(truth.gone)} gone texts not" if found else "all their words found"
    return f"{posts}, nothing to repair"
