"""Measure how long a single post waits while another site's 50,000 posts are being indexed.

Printed are the time of one claim, and for single posts of a quiet site the time from push to indexed while one worker
with the local embedder is at the other site's backlog.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable

import figures
from fresh_postgres import fresh_database

from rag_ask import messages
from rag_ask.db import locks, sites
from rag_ask.db.database import Database
from rag_ask.indexing import documents, indexer, queue
from rag_ask.indexing.quota import Quota, Room
from rag_ask.providers.embedders import Embedders
from rag_ask.settings import Settings

BACKLOG = 50_000
IDLE_SITES = 500
SINGLE_POSTS = 10
PARAGRAPH = "<p>Loaf {} rises for an hour. Then it is baked, and sold to whoever comes first. {}</p>"

FILL = """
INSERT INTO documents (site_id, post_id, version, state, priority, title, html, groups, next_attempt_at)
SELECT 'busy', n, 1, 'pending', 1, 'Loaf ' || n, replace(%s, '{}', n::text), '{public}', now() - interval '1h'
FROM generate_series(1, %s) AS n
"""


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def claim_and_return(database: Database) -> None:
    with database.system() as connection:
        for document in queue.claim(connection, indexer.CLAIM_SIZE):
            queue.release(connection, document)


def push_and_wait(database: Database, post_id: int) -> None:
    url = "https://quiet.example/"
    document = messages.Document(
        id=post_id, version=1, type="post", title="Hours", url=url, html="<p>We open at seven.</p>", groups=["public"]
    )
    with database.tenant("quiet") as connection:
        locks.hold_site(connection, "quiet")
        documents.apply(
            connection, "quiet", messages.Upsert(op="upsert", document=document), Room(connection, "quiet", Quota())
        )
    while True:
        with database.tenant("quiet") as connection:
            row = connection.execute("SELECT state FROM documents WHERE post_id = %s", (post_id,)).fetchone()
        if row and row["state"] == "indexed":
            return
        time.sleep(0.02)


def main(database: Database) -> None:
    with database.system() as connection:
        for site_id in ("busy", "quiet", *(f"idle-{n}" for n in range(IDLE_SITES))):
            sites.add(connection, site_id, site_id, "https://bench.example")
        connection.execute(FILL, (PARAGRAPH * 8, BACKLOG))
        connection.execute("ANALYZE documents, sites")
    claims = [seconds(lambda: claim_and_return(database)) for _ in range(50)]
    print(f"one claim: {statistics.median(claims) * 1000:.1f} ms (worst {max(claims) * 1000:.1f} ms)")

    stop = threading.Event()
    models = Embedders(Settings(database_url="", secret=b"", embedder="local-en"))
    worker = threading.Thread(target=indexer.run, args=(database, models, stop, queue.LEASE_S, Quota()))
    worker.start()
    waits = [
        seconds(lambda post_id=post_id: push_and_wait(database, post_id)) for post_id in range(1, SINGLE_POSTS + 1)
    ]
    stop.set()
    worker.join()
    print(f"a single post was indexed after {statistics.median(waits):.1f} s (worst {max(waits):.1f} s)")


if __name__ == "__main__":
    figures.described(__doc__).parse_args()
    with fresh_database() as opened:
        main(opened)
