"""Kill the worker at random moments for some minutes, and count the documents that failed by it.

A `rag-ask worker` with its defaults, the lease among them, indexes what two sites push all the time. It gets SIGKILL
after 0.5 to 20 seconds, again and again for seven minutes. In the end it works undisturbed until nothing is pending.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/sidecar"))

import figures  # noqa: E402
from fresh_postgres import SECRET, fresh_postgres  # noqa: E402
from sidecar_processes import Processes, until  # noqa: E402

from fakes.wordpress import WordPress  # noqa: E402
from rag_ask.api.app import create_app  # noqa: E402
from rag_ask.settings import Settings  # noqa: E402

MINUTES = 7.0
BATCH = 5
TEXT = "The loaf rises for an hour on the warm shelf, and then it is baked. "


def main(url: str, minutes: float) -> None:
    app = create_app(Settings(url, SECRET, log_level="WARNING"))
    database = app.extensions["rag_ask"].database
    sites = [WordPress(app.test_client(), database, name) for name in ("one", "two")]
    processes, kills, pushed = Processes(url), 0, 1
    chance = random.Random(minutes)  # noqa: S311  no secret
    until_then = time.monotonic() + 60 * minutes
    while time.monotonic() < until_then:
        worker = processes.start("worker")
        for site in sites:
            site.push(*(site.upsert(pushed + n, 1, f"<p>{TEXT * chance.randint(1, 400)}</p>") for n in range(BATCH)))
        pushed += BATCH
        time.sleep(chance.uniform(0.5, 20))
        worker.kill()
        worker.wait()
        kills += 1
        print(f"\r{kills} kills", end="", file=sys.stderr)
    processes.start("worker")
    try:
        until(lambda: all(site.status()["documents"]["pending"] == 0 for site in sites), seconds=1200)
    finally:
        processes.stop()
    counts = [site.status()["documents"] for site in sites]
    indexed, failed = (sum(count[state] for count in counts) for state in ("indexed", "failed"))
    print(f"\n{kills} kills in {minutes:g} minutes: {indexed} of {2 * (pushed - 1)} documents indexed, {failed} failed")
    database.close()


if __name__ == "__main__":
    arguments = figures.described(__doc__)
    arguments.add_argument("minutes", nargs="?", type=float, default=MINUTES, help="instead of %(default)s")
    minutes = arguments.parse_args().minutes
    with fresh_postgres() as database_url:
        main(database_url, minutes)
