"""The queue: whose document comes next, and who keeps it."""

from fakes.wordpress import EMBEDDER
from rag_ask.indexing import indexer, queue

BACKLOG = 400


def claimed(database, limit=16):
    """The documents of one claim, as site and post."""
    with database.system() as connection:
        return [(document.site_id, document.post_id) for document in queue.claim(connection, limit)]


def backlog(wordpress, database, count=BACKLOG, priority=1):
    """Pending documents that have waited for an hour."""
    with database.system() as connection:
        connection.execute(
            "INSERT INTO documents (site_id, post_id, version, state, priority, html, next_attempt_at) "
            "SELECT %s, 1000 + n, 1, 'pending', %s, '<p>Text.</p>', now() - interval '1h' "
            "FROM generate_series(1, %s) AS n",
            (wordpress.site_id, priority, count),
        )


def test_a_single_post_of_a_site_is_in_the_next_claim_whatever_others_have_waiting(new_site, database):
    busy, other, quiet = new_site(), new_site(), new_site()
    for site in (busy, other):
        backlog(site, database)
    quiet.push(quiet.upsert(1, 1, "<p>Text.</p>"))
    batch = claimed(database)
    assert (quiet.site_id, 1) in batch
    shares = [sum(site_id == site.site_id for site_id, _ in batch) for site in (busy, other, quiet)]
    assert sorted(shares) == [1, 7, 8]


def test_a_site_alone_gets_the_whole_batch(wordpress, database):
    backlog(wordpress, database)
    assert len(claimed(database)) == 16


def test_an_edit_overtakes_a_scan_of_its_own_site(wordpress, database):
    backlog(wordpress, database)
    wordpress.push(
        wordpress.upsert(1, 1, "<p>Edited.</p>"), wordpress.upsert(2, 1, "<p>Scanned.</p>") | {"priority": 1}
    )
    assert claimed(database, 1) == [(wordpress.site_id, 1)]


def test_a_scan_does_not_put_an_edit_back(wordpress, database):
    backlog(wordpress, database)
    wordpress.push(wordpress.upsert(1, 1, "<p>Edited.</p>"))
    wordpress.push(wordpress.upsert(1, 2, "<p>Edited.</p>") | {"priority": 1})
    assert claimed(database, 1) == [(wordpress.site_id, 1)]


def test_edits_come_in_the_order_they_were_made_also_when_made_again(wordpress, database):
    for post_id in (1, 2, 3):
        wordpress.push(wordpress.upsert(post_id, 1, "<p>Text.</p>"))
    wordpress.push(wordpress.upsert(1, 2, "<p>Text again.</p>"))
    assert [claimed(database, 1)[0][1] for _ in range(3)] == [1, 2, 3]


def test_no_document_is_claimed_twice(new_site, database):
    sites = [new_site() for _ in range(3)]
    for site in sites:
        backlog(site, database, 20)
    seen = []
    while batch := claimed(database, 7):
        seen += batch
    assert len(seen) == len(set(seen)) == 60


def test_a_heartbeat_keeps_a_lease_beyond_its_time(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>Text.</p>"))
    with database.system() as connection:
        mine = queue.claim(connection, 1, lease_s=1.5)
        (first,) = connection.execute("SELECT leased_until FROM documents WHERE lease IS NOT NULL").fetchall()
    with queue.heartbeat(database, mine, lease_s=1.5):
        while True:
            with database.system() as connection:
                row = connection.execute("SELECT leased_until, now() FROM documents WHERE lease IS NOT NULL").fetchone()
            assert row["leased_until"] > row["now"]
            if row["now"] > first["leased_until"]:
                break
        assert claimed(database) == []


def test_a_push_takes_the_document_from_a_lease_with_a_heartbeat(wordpress, database):
    wordpress.push(wordpress.upsert(1, 1, "<p>Text.</p>"))
    with database.system() as connection:
        mine = queue.claim(connection, 1)
    wordpress.push(wordpress.upsert(1, 2, "<p>New text.</p>"))
    with database.system() as connection:
        queue.extend(connection, mine, 60)
    assert indexer.index_some(indexer.Shift(database, EMBEDDER)) == 1
    assert wordpress.status()["documents"]["indexed"] == 1
